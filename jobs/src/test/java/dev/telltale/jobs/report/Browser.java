package dev.telltale.jobs.report;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Chromium of this machine, one for all tests of the JVM. */
final class Browser {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private static com.microsoft.playwright.Browser shared;

  private Browser() {}

  /** A window on a desk, and a phone held upright. */
  enum Screen {
    DESK(1280, 900, false),
    PHONE(390, 844, true);

    private final int width;
    private final int height;
    private final boolean touch;

    Screen(int width, int height, boolean touch) {
      this.width = width;
      this.height = height;
      this.touch = touch;
    }
  }

  /**
   * A page that is open, without a network.
   *
   * @param requests addresses of everything that the page has asked for
   * @param problems what the console, the content security policy and the script complained about
   */
  record Tab(Page page, List<String> requests, List<String> problems) implements AutoCloseable {
    Object run(String script) {
      return page.evaluate(script);
    }

    @Override
    public void close() {
      page.context().close();
    }
  }

  /** Opens a file. */
  static Tab open(Path file, Screen screen, ColorScheme colours) {
    return open(
        file,
        new NewContextOptions()
            .setViewportSize(screen.width, screen.height)
            .setIsMobile(screen.touch)
            .setHasTouch(screen.touch)
            .setColorScheme(colours));
  }

  /** Opens a file where scripts are off. */
  static Tab openWithoutScripts(Path file) {
    return open(
        file, new NewContextOptions().setJavaScriptEnabled(false).setViewportSize(1280, 900));
  }

  private static Tab open(Path file, NewContextOptions options) {
    BrowserContext context =
        shared().newContext(options.setOffline(true).setReducedMotion(ReducedMotion.REDUCE));
    context.addInitScript(
        """
        addEventListener("securitypolicyviolation", (event) =>
          console.error("policy violated: " + event.violatedDirective));
        """);
    Page page = context.newPage();
    Tab tab = new Tab(page, new ArrayList<>(), new ArrayList<>());
    page.onRequest(request -> tab.requests().add(request.url()));
    page.onPageError(tab.problems()::add);
    page.onDialog(
        dialog -> {
          tab.problems().add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onConsoleMessage(message -> tab.problems().add(message.type() + ": " + message.text()));
    page.navigate(file.toUri().toString());
    return tab;
  }

  private static com.microsoft.playwright.Browser shared() {
    if (shared == null) {
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
      shared =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(find(System.getenv("PATH")))
                      .setArgs(
                          List.of(
                              "--no-sandbox",
                              "--disable-gpu",
                              "--no-first-run",
                              "--disable-background-networking",
                              "--disable-component-update",
                              "--disable-sync")));
    }
    return shared;
  }

  /**
   * The Chromium on a search path.
   *
   * @throws AssertionError without one: a report that nobody has looked at is not tested
   */
  static Path find(String searchPath) {
    for (String directory : searchPath.split(File.pathSeparator)) {
      for (String name : NAMES) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    throw new AssertionError(
        "The report is tested in a real Chromium, and none of "
            + NAMES
            + " is on the PATH. Install one: .ci/install chromium, or apt-get install chromium.");
  }
}

package dev.telltale.jobs;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Work of the driver that mostly waits, for Spark or for files, done at the same time. */
public final class Together {
  private Together() {}

  /**
   * Does all of it.
   *
   * @param atOnce pieces at the same time, at least 1
   * @return what each gives, in their order
   * @throws RuntimeException that of the first piece, in their order, that failed; all have ended
   */
  public static <T> List<T> all(int atOnce, List<Supplier<T>> work) {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      List<CompletableFuture<T>> pieces =
          work.stream().map(one -> CompletableFuture.supplyAsync(one, threads)).toList();
      CompletableFuture.allOf(pieces.toArray(CompletableFuture[]::new))
          .exceptionally(failure -> null)
          .join();
      return pieces.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    } finally {
      threads.shutdown();
    }
  }
}

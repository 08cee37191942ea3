package dev.telltale.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.error.ExitCode;
import dev.telltale.error.TelltaleException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes in golden-v1.txt are in lakes: what writes others needs a new version, and must still
 * read these.
 */
class StateFormatTest {
  private static final Anchors CUTS = Anchors.ofCuts(new double[] {-1, 0, 2.5, 40});
  private static final Anchors LABELS = Anchors.ofLabels(List.of("AA", "Zürich", ""), true);
  private static final Anchors LEARNING = Anchors.learn(5);

  private static byte[] bytes(String name) {
    return switch (name) {
      case "cuts" -> StateFormat.write(CUTS);
      case "labels" -> StateFormat.write(LABELS);
      case "learning" -> StateFormat.write(LEARNING);
      default -> state(name).toBytes();
    };
  }

  private static Anchors anchors(String name) {
    return name.startsWith("learning") ? LEARNING : name.startsWith("numeric") ? CUTS : LABELS;
  }

  private static Object read(String name, byte[] bytes) {
    return name.contains("-")
        ? StateFormat.read(bytes, anchors(name))
        : StateFormat.readAnchors(bytes);
  }

  private static ColumnState state(String name) {
    boolean isNumeric = !name.contains("categor");
    ColumnState state =
        ColumnState.create(isNumeric ? ColumnKind.NUMERIC : ColumnKind.CATEGORICAL, anchors(name));
    if (name.endsWith("-empty")) {
      return state;
    }
    state.addNulls(3);
    // Sketches hold a few hundred values, or the begun block of more.
    int rows = name.endsWith("-many") ? 2_500 : 6;
    for (int i = 0; i < rows; i++) {
      if (state instanceof NumericState numeric) {
        numeric.add(Math.floorMod(i * 7919, 997) / 8.0 - 20);
      } else if (state instanceof CategoryState category) {
        category.add(i % 3 == 0 ? "AA" : "unseen " + i, i + 1L);
      }
    }
    if (name.contains("weighted") && state instanceof NumericState numeric) {
      numeric.add(new double[] {1.5, -7}, new long[] {12, 3}, 2);
      numeric.addRepeats(12 * 11 + 3 * 2);
    }
    if (state instanceof NumericState numeric) {
      for (double special : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0, -0.0, 1e308}) {
        numeric.add(special);
      }
    }
    return state;
  }

  private static Map<String, String> golden() throws IOException {
    try (InputStream in = StateFormatTest.class.getResourceAsStream("golden-v1.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> golden = new HashMap<>();
      for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
        golden.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
      }
      return golden;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cuts",
        "labels",
        "learning",
        "numeric-empty",
        "numeric-few",
        "numeric-many",
        "numeric-weighted",
        "category-empty",
        "category-few",
        "category-many",
        "learning-few",
        "learning-many",
        "learning-category-few",
        "learning-category-many"
      })
  void theBytesAreThoseThatAreInLakes(String name) throws IOException {
    byte[] written = bytes(name);
    byte[] golden = HexFormat.of().parseHex(golden().getOrDefault(name, ""));
    assertThat(HexFormat.of().formatHex(written))
        .as(name)
        .isEqualTo(HexFormat.of().formatHex(golden));
    assertSame(read(name, golden), name.contains("-") ? state(name) : anchorsOf(name));
  }

  private static Anchors anchorsOf(String name) {
    return name.equals("cuts") ? CUTS : name.equals("labels") ? LABELS : LEARNING;
  }

  /** By what they say: a sketch that was read may order its items in another way. */
  private static void assertSame(Object read, Object written) {
    if (read instanceof NumericState one && written instanceof NumericState two) {
      assertThat(one.rows()).isEqualTo(two.rows());
      assertThat(one.effectiveRows()).isEqualTo(two.effectiveRows());
      assertThat(one.counts()).isEqualTo(two.counts());
      assertThat(one.moments()).usingRecursiveComparison().isEqualTo(two.moments());
      assertThat(one.quantiles(0, 0.1, 0.5, 0.9, 1)).isEqualTo(two.quantiles(0, 0.1, 0.5, 0.9, 1));
      // Writing ends the begun block, of at most four of 2,500 values.
      assertThat(one.quantileRankError()).isCloseTo(two.quantileRankError(), within(1e-3));
      assertThat(one.learnedAll()).isEqualTo(two.learnedAll());
      if (one.learnedAll()) {
        assertThat(one.learned()).isEqualTo(two.learned());
      }
    } else if (read instanceof CategoryState one && written instanceof CategoryState two) {
      assertThat(one.rows()).isEqualTo(two.rows());
      assertThat(one.known()).isEqualTo(two.known());
      assertThat(one.unseenItems()).isEqualTo(two.unseenItems());
      assertThat(one.distinct()).isEqualTo(two.distinct());
      assertThat(one.maxLength()).isEqualTo(two.maxLength());
    } else {
      assertThat(read).isEqualTo(written);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cuts",
        "labels",
        "learning",
        "numeric-few",
        "numeric-many",
        "numeric-weighted",
        "category-few",
        "category-many",
        "learning-few",
        "learning-category-many"
      })
  void bytesThatAreCutOffOrFollowedByMoreAreOneClearError(String name) {
    byte[] whole = bytes(name);
    int step = Math.max(1, whole.length / 200);
    for (int length = 0; length < whole.length; length += step) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(name, part))
          .isInstanceOfSatisfying(
              TelltaleException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
          .hasMessageStartingWith("A stored state cannot be read.");
    }
    assertThatThrownBy(() -> read(name, Arrays.copyOf(whole, whole.length + 2)))
        .hasMessageContaining("2 bytes follow its end.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cuts",
        "labels",
        "learning",
        "numeric-few",
        "numeric-many",
        "category-few",
        "category-many",
        "learning-few",
        "learning-category-many"
      })
  void aWrongByteIsReadOrIsTheSameError(String name) {
    byte[] whole = bytes(name);
    int step = Math.max(1, whole.length / 400);
    for (int at = 0; at < whole.length; at += step) {
      for (int wrong : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
        byte[] damaged = whole.clone();
        damaged[at] = (byte) wrong;
        try {
          assertThat(read(name, damaged)).isNotNull();
        } catch (TelltaleException e) {
          assertThat(e).hasMessageStartingWith("A stored state cannot be read.");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuts", "numeric-few", "category-few"})
  void anotherVersionOrKindIsNamed(String name) {
    byte[] later = bytes(name);
    later[0] = 2;
    assertThatThrownBy(() -> read(name, later))
        .hasMessageContaining("It is of version 2; this code reads 1.");
    byte[] other = bytes(name);
    other[1] = 'X';
    assertThatThrownBy(() -> read(name, other)).isInstanceOf(TelltaleException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"numeric-few", "category-few"})
  void aStateOverOtherAnchorsIsRefused(String name) {
    byte[] bytes = bytes(name);
    Function<Anchors, Object> reader = anchors -> StateFormat.read(bytes, anchors);
    Anchors fewer =
        name.startsWith("numeric")
            ? Anchors.ofCuts(new double[] {1})
            : Anchors.ofLabels(List.of("AA"), false);
    assertThatThrownBy(() -> reader.apply(fewer))
        .isInstanceOf(TelltaleException.class)
        .hasMessageContaining("bins, and its anchors");
  }
}

package dev.telltale.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The units are written by src/test/python/analyze_reference.py. */
class AnalyzeCommandTest extends SparkTest {
  private static final Path DATA = Path.of("src/test/resources/dev/telltale/jobs/analyze");
  private static final String UNITS = DATA.resolve("units.csv").toString();

  @TempDir Path directory;

  private static JsonNode analyze(String... arguments) throws IOException {
    Cli.Outcome outcome = run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return new ObjectMapper().readTree(outcome.out());
  }

  private static JsonNode units(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--data", UNITS, "--control", "grey"));
    arguments.addAll(List.of(more));
    return analyze(arguments.toArray(String[]::new));
  }

  private static Cli.Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("analyze"));
    all.addAll(List.of(arguments));
    return new Cli().with("TELLTALE_CONFIG", DATA.toString()).run(all.toArray(String[]::new));
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void theAnswerHasItsShape() throws IOException {
    JsonNode answer =
        units(
            "--metric",
            "spend",
            "--metric",
            "clicks/views",
            "--covariate",
            "before",
            "--segments",
            "country");
    assertThat(names(answer))
        .containsExactly(
            "control",
            "alpha",
            "correction",
            "units",
            "metrics",
            "segments",
            "heterogeneity",
            "srm",
            "problems");
    assertThat(answer.path("heterogeneity")).hasSize(2);
    assertThat(answer.at("/heterogeneity/0/slice_key").asText()).isEqualTo("country");
    assertThat(answer.at("/heterogeneity/0/p_value_adjusted").asDouble()).isBetween(0.0, 1.0);
    assertThat(answer.path("units").toString()).isEqualTo("{\"blue\":120,\"grey\":120}");
    assertThat(answer.path("problems")).isEmpty();
    assertThat(answer.path("correction").asText()).isEqualTo("HOLM");
    assertThat(answer.at("/srm/p_value").asDouble()).isEqualTo(1);
    assertThat(answer.path("metrics")).hasSize(2);
    JsonNode spend = answer.at("/metrics/0");
    assertThat(names(spend))
        .containsExactly(
            "metric",
            "variant",
            "n_control",
            "n_variant",
            "mean_control",
            "mean_variant",
            "test",
            "statistic",
            "degrees_of_freedom",
            "absolute",
            "relative",
            "adjusted",
            "p_value_adjusted",
            "simultaneous",
            "decision",
            "because");
    assertThat(names(spend.path("absolute")))
        .containsExactly("effect", "std_error", "ci_low", "ci_high", "p_value");
    assertThat(names(spend.path("relative")))
        .containsExactly("effect", "ci_low", "ci_high", "method");
    assertThat(names(spend.path("adjusted")))
        .containsExactly(
            "test", "statistic", "degrees_of_freedom", "absolute", "relative", "theta");
    // A unit without a covariate counts.
    assertThat(spend.path("n_control").asInt()).isEqualTo(120);
    assertThat(spend.at("/adjusted/absolute/std_error").asDouble())
        .isLessThan(spend.at("/absolute/std_error").asDouble());
    assertThat(spend.at("/adjusted/theta").isNumber()).isTrue();
    assertThat(spend.path("decision").asText()).isEqualTo("HIGHER");
    assertThat(spend.path("because").asText())
        .startsWith("spend is ")
        .contains(" higher in blue than in grey, +")
        .contains("corrected for 2 tests, is below 0.05.");
    List<String> segments = new ArrayList<>();
    int inSegments = 0;
    for (JsonNode segment : answer.path("segments")) {
      segments.add(segment.path("slice_key").asText() + "=" + segment.path("slice_value").asText());
      inSegments += segment.at("/metrics/0/n_control").asInt();
    }
    assertThat(segments)
        .containsExactlyInAnyOrder("country=at", "country=de", "country=fr", "country=:null");
    assertThat(inSegments).isEqualTo(120);
  }

  @ParameterizedTest
  @CsvFileSource(
      files = "src/test/resources/dev/telltale/jobs/analyze/expected.csv",
      numLinesToSkip = 2)
  void everyTestIsThatOfSciPy(String test, double p) throws IOException {
    boolean isCount = List.of("score", "chi-square", "fisher").contains(test);
    JsonNode answer =
        units("--metric", isCount ? "bought" : "spend", "--test", test, "--pair", "user");
    JsonNode metric = answer.at("/metrics/0");
    assertThat(metric.path("test").asText()).isEqualTo(test);
    assertThat(metric.at("/absolute/p_value").asDouble()).isCloseTo(p, within(1e-9 * p));
    assertThat(metric.path("decision").asText()).isEqualTo(p < 0.05 ? "HIGHER" : "NOT_SHOWN");
  }

  @Test
  void theOtherTestsAgreeWithWelchs() throws IOException {
    double welch = units("--metric", "spend").at("/metrics/0/absolute/p_value").asDouble();
    JsonNode permuted = units("--metric", "spend", "--test", "permutation").at("/metrics/0");
    assertThat(permuted.path("test").asText()).isEqualTo("permutation");
    assertThat(permuted.at("/absolute/p_value").asDouble()).isCloseTo(welch, within(0.005));
    JsonNode rates = units("--metric", "clicks/views", "--test", "poisson").at("/metrics/0");
    assertThat(rates.path("test").asText()).isEqualTo("poisson");
    assertThat(rates.at("/relative/method").asText()).isEqualTo("exact");
    assertThat(units("--metric", "bought").at("/metrics/0/test").asText()).isEqualTo("welch");
  }

  @Test
  void marginsArePassedOn() throws IOException {
    JsonNode better =
        units("--metric", "spend", "--non-inferiority", "2%", "--alternative", "greater");
    assertThat(better.at("/metrics/0/decision").asText()).isEqualTo("NON_INFERIOR");
    assertThat(better.at("/metrics/0/absolute/ci_high").isNull()).isTrue();
    JsonNode same = units("--metric", "spend", "--equivalence", "8");
    assertThat(same.at("/metrics/0/decision").asText()).isEqualTo("EQUIVALENT");
    assertThat(same.at("/metrics/0/because").asText()).contains("p of a difference beyond 8");
  }

  @Test
  void dataAndSummaryOfTheSameUnitsAgree() throws IOException {
    Path summary = Summaries.of(Path.of(UNITS), directory);
    for (String adjust : List.of("cuped", "interacted")) {
      JsonNode data =
          units(
              "--metric",
              "spend",
              "--metric",
              "bought",
              "--metric",
              "clicks/views",
              "--covariate",
              "age",
              "--adjust",
              adjust);
      JsonNode other =
          analyze("--summary", summary.toString(), "--control", "grey", "--adjust", adjust);
      assertSame(data, other, "");
    }
  }

  private static void assertSame(JsonNode one, JsonNode other, String where) {
    assertThat(other.getNodeType()).as(where).isEqualTo(one.getNodeType());
    assertThat(names(other)).as(where).isEqualTo(names(one));
    assertThat(other.size()).as(where).isEqualTo(one.size());
    if (one.isNumber()) {
      double value = one.asDouble();
      assertThat(other.asDouble())
          .as(where)
          .isCloseTo(value, within(1e-12 * Math.max(Math.abs(value), 0.01)));
    } else if (one.isValueNode()) {
      assertThat(other).as(where).isEqualTo(one);
    }
    one.fieldNames()
        .forEachRemaining(name -> assertSame(one.path(name), other.path(name), where + "/" + name));
    for (int i = 0; one.isArray() && i < one.size(); i++) {
      assertSame(one.path(i), other.path(i), where + "/" + i);
    }
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    JsonNode answer = units("--metric", "rating");
    assertThat(answer.at("/metrics/0/n_control").asInt()).isEqualTo(117);
    assertThat(answer.at("/problems/0").asText())
        .isEqualTo("Units without a finite rating: 6. They are left out of it.");
  }

  @Test
  void unitsInOtherSharesAreAProblem() throws IOException {
    JsonNode answer = units("--metric", "spend", "--allocation", "grey=0.8,blue=0.2");
    assertThat(answer.at("/srm/p_value").asDouble()).isLessThan(1e-20);
    assertThat(answer.at("/problems/0").asText()).contains("no result below can be trusted");
  }

  @ParameterizedTest
  @CsvSource({
    "zero, INSUFFICIENT_DATA, zero is 0 in every unit of both",
    "clicks/signed, INVALID, The denominator of clicks/signed is negative in",
    "clicks/zero, INVALID, The denominator of clicks/zero is not clear of zero"
  })
  void whatCannotBeJudgedSaysWhy(String metric, String decision, String because)
      throws IOException {
    JsonNode one = units("--metric", metric).at("/metrics/0");
    assertThat(one.path("decision").asText()).isEqualTo(decision);
    assertThat(one.path("because").asText()).startsWith(because);
    assertThat(one.has("p_value_adjusted")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "csv", "markdown"})
  void everyFormatHasEveryMetric(String format) {
    Cli.Outcome outcome =
        run(
            "--data",
            UNITS,
            "--control",
            "grey",
            "--metric",
            "spend",
            "--metric",
            "zero",
            "--segments",
            "country",
            "--format",
            format);
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("spend").contains("country").contains("zero");
    if (format.equals("table")) {
      assertThat(outcome.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    } else {
      assertThat(outcome.out().lines()).hasSizeGreaterThanOrEqualTo(11);
    }
  }

  private static void assertFails(int code, String words, String... arguments) {
    Cli.Outcome outcome = run(arguments);
    assertThat(outcome.out()).as(words).isEmpty();
    assertThat(outcome.err()).contains(words).contains("why: ").contains("fix: ");
    assertThat(outcome.err().lines()).hasSize(3);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      --metric spend --control gray | No row of column variant is gray
      --metric spend --control grey --variant comment | No row of column comment is grey
      --metric spend --control text --variant comment | All rows of column comment are text
      --metric spend --control 1 --variant user | Column user has more than 50 values
      --metric spent --control grey | spent
      --metric spend/spent --control grey | spent
      --metric comment --control grey | Column comment is no number
      --metric spend --control grey --covariate comment | Column comment is no number
      --metric spend --control grey --covariate agee | agee
      --metric spend --control grey --segments land | land
      --metric spend --metric spend --control grey | Metric spend is given twice
      --control grey | Missing --metric
      --metric spend | --control
      --metric spend --control grey --allocation grey=0.6,blue=0.6 | The shares sum to 1.2
      --metric spend --control grey --allocation grey=1 | --allocation names no share of blue
      --metric spend --control grey --allocation grey=1.5,blue=-0.5 | at least 0, not -0.5
      --metric spend --control grey --non-inferiority two --alternative less | The margin two is no
      --metric spend --control grey --non-inferiority 2 | which direction is better
      --metric spend --control grey --equivalence -2% | A margin is at least 0
      --metric spend --control grey --equivalence NaN | A margin is at least 0
      --metric spend --control grey --equivalence 0 | needs a margin above 0
      --metric spend --control grey --equivalence 1 --alternative less | looks in both directions
      --metric spend --control grey --equivalence 1 --non-inferiority 1 | exclude each other
      --metric spend --control grey --test student | --test student is none of auto, welch
      --metric spend --control grey --alternative up | --alternative up is none of
      --metric spend --control grey --adjust lin | --adjust lin is none of
      --metric spend --control grey --alpha 0.5 | --alpha 0.5
      --metric spend --control grey --alpha NaN | --alpha NaN
      --metric spend --control grey --test paired | --test paired needs --pair
      --metric spend --control grey --test wilcoxon --pair country | several rows of grey
      --metric spend --control grey --test wilcoxon --pair user --segments country | --segments
      --metric spend --control grey --test permutation --covariate age | --covariate
      """)
  void wrongOptionsAreOneMessage(String options, String words) {
    List<String> arguments = new ArrayList<>(List.of("--data", UNITS));
    arguments.addAll(List.of(options.split(" ")));
    assertFails(2, words, arguments.toArray(String[]::new));
  }

  @Test
  void dataThatIsNotThereIsOneMessage() throws IOException {
    Path header = Files.writeString(directory.resolve("header.csv"), "variant,spend\n");
    String[] more = {"--control", "grey", "--metric", "spend"};
    assertFails(3, "nowhere.csv", "--data", "nowhere.csv", more[0], more[1], more[2], more[3]);
    assertFails(
        3, "It has no rows", "--data", header.toString(), more[0], more[1], more[2], more[3]);
    assertFails(2, "--data", "--control", "grey");
    assertFails(2, "--summary", "--data", UNITS, "--summary", UNITS, "--control", "grey");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      variant,metric,n,mean,variance;a,m,9,1,-1;b,m,9,1,1 | variance is negative
      variant,metric,n,mean,variance;a,m,0,1,1;b,m,9,1,1 | n is 0.0
      variant,metric,n,mean,variance;a,m,9.5,1,1;b,m,9,1,1 | n is 9.5
      variant,metric,n,mean,variance;a,m,9,NaN,1;b,m,9,1,1 | mean is NaN
      variant,metric,n,mean,variance;a,m,9,x,1;b,m,9,1,1 | no number
      variant,metric,n,mean,variance;a,m,9,1,1;a,m,9,1,1;b,m,9,1,1 | There are two lines
      variant,metric,n,mean,variance;a,m,9,1,1;a,k,9,1,1;b,m,9,1,1 | There is no such line
      variant,metric,n,mean,variance;a,m,9,1,1 | All rows of column variant are a
      variant,metric,n,mean,variance;b,m,9,1,1;c,m,9,1,1 | No row of column variant is a
      variant,metric,n,mean;a,m,9,1;b,m,9,1 | has no variance and no sum_squares
      variant,metric,n,variance;a,m,9,1;b,m,9,1 | has no sum
      variant,metric,mean,variance;a,m,9,1;b,m,9,1 | has no n
      variant,metric,n,sum,sum_squares;a,m,9,90,100;b,m,9,90,1000 | variance is negative
      variant,metric,n,mean,variance,covariate_mean,covariate_variance,covariate_covariance;\
      a,m,9,1,1,1,1,2;b,m,9,1,1,1,1,0 | covariance 2.0 is beyond 1.0
      variant,metric,n,mean,variance,denominator_mean,denominator_variance;\
      a,m,9,1,1,1,1;b,m,9,1,1,1,1 | has no covariance and no sum_products
      variant,metric,n,mean,variance,denominator_mean,denominator_variance,covariance;\
      a,m,9,1,1,1,1,0;b,m,9,1,1,,, | Other variants have other moments
      """)
  void wrongSummariesAreOneMessage(String lines, String words) throws IOException {
    Path file = Files.writeString(directory.resolve("s.csv"), lines.replace(';', '\n') + "\n");
    assertFails(2, words, "--summary", file.toString(), "--control", "a");
  }

  @Test
  void summariesTakeTheirOwnOptionsAlone() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("s.csv"), "variant,metric,n,mean,variance\na,m,90,1,1\nb,m,90,1,1\n");
    String[] start = {"--summary", file.toString(), "--control", "a"};
    assertFails(2, "--covariate", start[0], start[1], start[2], start[3], "--covariate", "x");
    assertFails(2, "--summary", start[0], start[1], start[2], start[3], "--test", "wilcoxon");
    assertFails(3, "asked for", start[0], start[1], start[2], start[3], "--metric", "k");
    assertThat(analyze(start).at("/metrics/0/decision").asText()).isEqualTo("NOT_SHOWN");
  }
}

package dev.telltale.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Defaults;
import dev.telltale.config.SystemQuality;
import dev.telltale.config.SystemQuality.Changes;
import dev.telltale.stats.MultipleTesting;
import dev.telltale.system.SystemVerdict.ComparedWith;
import dev.telltale.system.SystemVerdict.Status;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemJudgeTest {
  private static final Instant END = Instant.parse("2001-03-02T00:00:00Z");
  private static final long MINUTES = 1440;

  /** Any change matters, so that the p-values alone decide. */
  private static final Changes ANY = new Changes(1, 0, 1, 1);

  private static SystemQuality declared(Changes changes, Map<String, Double> objectives) {
    return new SystemQuality(
        Optional.of("latency"),
        Optional.of("error"),
        Optional.of("cost"),
        Optional.empty(),
        Optional.of(
            new SystemQuality.Crashes(
                "crashes", "ts", Optional.empty(), Optional.of("text"), Optional.empty())),
        objectives,
        changes);
  }

  private static SystemJudge judge(SystemQuality declared) {
    return new SystemJudge(
        Defaults.ALPHA,
        MultipleTesting.valueOf(Defaults.CORRECTION),
        Defaults.MINIMUM_ROWS,
        declared);
  }

  /**
   * A service as it is drawn from.
   *
   * @param latency factor on a lognormal latency of median 100
   * @param errors error rate
   * @param crashes mean number of crashes
   * @param cost factor on a lognormal cost of mean 1
   */
  private record Service(int rows, double latency, double errors, double crashes, double cost) {
    /** The standard deviation of the logarithms. */
    private static final double SPREAD = 0.5;

    static Service of(int rows) {
      return new Service(rows, 1, 0.02, 10, 1);
    }

    ServiceWindow draw(String version, Random random) {
      SystemState state = new SystemState();
      for (int i = 0; i < rows; i++) {
        state.add(
            random.nextInt((int) MINUTES),
            1,
            random.nextDouble() < errors,
            100 * latency * Math.exp(SPREAD * random.nextGaussian()),
            cost * Math.exp(SPREAD * random.nextGaussian() - SPREAD * SPREAD / 2),
            0);
      }
      int crashed =
          new PoissonDistribution(
                  new Well19937c(random.nextInt()),
                  crashes,
                  PoissonDistribution.DEFAULT_EPSILON,
                  PoissonDistribution.DEFAULT_MAX_ITERATIONS)
              .sample();
      return window(Optional.ofNullable(version), state, crashed);
    }
  }

  private static ServiceWindow window(Optional<String> version, SystemState state, long crashes) {
    return new ServiceWindow(
        version,
        state,
        OptionalLong.of(crashes),
        MINUTES,
        END,
        Optional.of(Instant.parse("2001-02-20T00:00:00Z")));
  }

  private static Set<String> degraded(List<SystemVerdict> verdicts) {
    Set<String> metrics = new HashSet<>();
    for (SystemVerdict verdict : verdicts) {
      if (verdict.status() == Status.DEGRADED) {
        metrics.add(verdict.metric().name());
      }
    }
    return metrics;
  }

  private static SystemVerdict of(List<SystemVerdict> verdicts, String metric) {
    return verdicts.stream()
        .filter(verdict -> verdict.metric().name().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  /** Objectives are what the service is on average, and a change of any size would matter. */
  @Test
  void aServiceThatDoesNotChangeIsRarelyDegraded() {
    double crashesPerThousand = 1000.0 * 10 / 400;
    SystemQuality declared =
        declared(
            ANY,
            Map.of(
                "latency_p50_ms",
                100.0,
                "latency_p95_ms",
                100 * Math.exp(Service.SPREAD * 1.6448536269514722),
                "error_rate",
                0.02,
                "crashes_per_thousand",
                crashesPerThousand,
                "cost_per_thousand",
                1000.0));
    Random random = new Random(11);
    int windows = 2000;
    int fired = 0;
    int significant = 0;
    for (int i = 0; i < windows; i++) {
      SystemJudge judge = judge(declared);
      ServiceWindow now = Service.of(400).draw("v2", random);
      judge.askObjectives(now);
      judge.askChange(now, Service.of(400).draw("v2", random), ComparedWith.CONSECUTIVE);
      judge.askChange(now, Service.of(400).draw("v1", random), ComparedWith.PREVIOUS_VERSION);
      List<SystemVerdict> verdicts = judge.verdicts();
      fired += degraded(verdicts).isEmpty() ? 0 : 1;
      significant +=
          verdicts.stream().anyMatch(verdict -> verdict.pValue().orElse(1) < Defaults.ALPHA)
              ? 1
              : 0;
    }
    double tolerance = 4 * Math.sqrt(Defaults.ALPHA * (1 - Defaults.ALPHA) / windows);
    assertThat((double) fired / windows).isBetween(0.005, Defaults.ALPHA + tolerance);
    assertThat((double) significant / windows).as("without the correction").isGreaterThan(0.2);
  }

  @ParameterizedTest
  @CsvSource({
    "latency_p50_ms, 1.5, 0.02, 10, 1",
    "latency_p95_ms, 1.5, 0.02, 10, 1",
    "latency_p99_ms, 1.5, 0.02, 10, 1",
    "error_rate, 1, 0.04, 10, 1",
    "crashes_per_thousand, 1, 0.02, 50, 1",
    "cost_per_thousand, 1, 0.02, 10, 1.5"
  })
  void whatIsPlantedIsFound(
      String metric, double latency, double errors, double crashes, double cost) {
    Random random = new Random(metric.hashCode());
    Service worse = new Service(5000, latency, errors, crashes, cost);
    int windows = 50;
    for (ComparedWith comparedWith :
        new ComparedWith[] {ComparedWith.CONSECUTIVE, ComparedWith.PREVIOUS_VERSION}) {
      int found = 0;
      int others = 0;
      for (int i = 0; i < windows; i++) {
        SystemJudge judge = judge(declared(Changes.defaults(), Map.of()));
        judge.askChange(
            worse.draw("v2", random), Service.of(5000).draw("v1", random), comparedWith);
        Set<String> degraded = degraded(judge.verdicts());
        found += degraded.contains(metric) ? 1 : 0;
        degraded.removeIf(name -> name.substring(0, 3).equals(metric.substring(0, 3)));
        others += degraded.isEmpty() ? 0 : 1;
      }
      assertThat(found).as("%s %s", metric, comparedWith).isGreaterThanOrEqualTo(windows - 2);
      assertThat(others).as("metrics that did not change").isLessThanOrEqualTo(2);
    }
  }

  @Test
  void betterIsNotDegraded() {
    Random random = new Random(2);
    SystemJudge judge = judge(declared(ANY, Map.of()));
    judge.askChange(
        new Service(5000, 0.5, 0.001, 1, 0.5).draw(null, random),
        Service.of(5000).draw(null, random),
        ComparedWith.CONSECUTIVE);
    assertThat(judge.verdicts())
        .hasSize(6)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.status()).isEqualTo(Status.OK);
              assertThat(verdict.pValueAdjusted().orElseThrow()).isLessThan(0.05);
              assertThat(verdict.familySize()).isEqualTo(6);
            });
  }

  @Test
  void aMissedObjectiveIsSurelyMissedOrNotDegraded() {
    Random random = new Random(3);
    ServiceWindow now = Service.of(5000).draw(null, random);
    SystemJudge judge =
        judge(
            declared(
                Changes.defaults(),
                Map.of(
                    "latency_p50_ms",
                    80.0,
                    "latency_p95_ms",
                    200.0,
                    "error_rate",
                    0.01,
                    "crashes_per_thousand",
                    0.5,
                    "cost_per_thousand",
                    900.0)));
    judge.askObjectives(now);
    List<SystemVerdict> verdicts = judge.verdicts();
    assertThat(degraded(verdicts))
        .containsExactlyInAnyOrder(
            "latency_p50_ms",
            "latency_p95_ms",
            "error_rate",
            "crashes_per_thousand",
            "cost_per_thousand");
    SystemVerdict errors = of(verdicts, "error_rate");
    assertThat(errors.reference()).hasValue(0.01);
    assertThat(errors.effect()).hasValue((double) now.state().errors() / 5000);
    assertThat(errors.nReference()).isZero();
    assertThat(errors.because())
        .matches(
            "error_rate 0\\.0\\d+ \\(95 %: 0\\.01\\d* to 0\\.02\\d*, n 5,000\\); the objective is at"
                + " most 0\\.01; adjusted p \\S+ over 5 tests is below 0\\.05\\.");

    // As high, of a hundredth of the rows: nobody can be sure.
    SystemState few = new SystemState();
    for (int i = 0; i < 50; i++) {
      few.add(i, 1, i == 0, 100.0, 1.0, 0);
    }
    SystemJudge unsure = judge(declared(Changes.defaults(), Map.of("error_rate", 0.01)));
    unsure.askObjectives(window(Optional.empty(), few, 0));
    SystemVerdict verdict = unsure.verdicts().get(0);
    assertThat(verdict.status()).isEqualTo(Status.OK);
    assertThat(verdict.effect()).hasValue(0.02);
    assertThat(verdict.because()).endsWith("over 1 test is not below 0.05.");
  }

  @Test
  void anObjectiveThatIsExactlyMetIsMet() {
    SystemState state = new SystemState();
    for (int i = 0; i < 1000; i++) {
      // Ten at 3, 2 of 4 minutes answered, of 100 errors a tenth.
      state.add(i % 4, 1, i % 4 < 2 || i % 100 == 3, 50.0, 2.0, 0);
    }
    ServiceWindow now = window(Optional.empty(), state, 10);
    Map<String, Double> met = new TreeMap<>();
    ServiceMetrics.of(now, declared(ANY, Map.of()))
        .forEach(metric -> met.put(metric.name(), metric.estimate().orElseThrow().value()));
    assertThat(met)
        .containsEntry("availability", 0.5)
        .containsEntry("silence_minutes", 1436.0)
        .containsEntry("requests_per_second_peak", 250 / 60.0)
        .containsEntry("crashes_per_thousand", 10.0)
        .containsEntry("cost_per_thousand", 2000.0)
        .containsEntry("cost_total", 2000.0)
        .containsEntry("staleness_days", 10.0);
    SystemJudge judge = judge(declared(ANY, met));
    judge.askObjectives(now);
    List<SystemVerdict> verdicts = judge.verdicts();
    assertThat(verdicts).extracting(verdict -> verdict.metric().name()).containsAll(met.keySet());
    assertThat(degraded(verdicts)).isEmpty();
  }

  @Test
  void tooFewRowsAreSaidWithHowManyAreNeeded() {
    Random random = new Random(4);
    SystemJudge judge = judge(declared(Changes.defaults(), Map.of("latency_p95_ms", 1.0)));
    ServiceWindow few = Service.of(29).draw(null, random);
    judge.askChange(few, Service.of(1000).draw(null, random), ComparedWith.CONSECUTIVE);
    judge.askObjectives(few);
    List<SystemVerdict> verdicts = judge.verdicts();
    assertThat(verdicts)
        .hasSize(7)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.status()).isEqualTo(Status.INSUFFICIENT_DATA);
              assertThat(verdict.effect()).isEmpty();
              assertThat(verdict.pValue()).isEmpty();
              assertThat(verdict.familySize()).isZero();
            });
    assertThat(verdicts.get(0).because())
        .isEqualTo("There are 29 rows now and 1,000 there, and 30 are needed on each side.");
    assertThat(verdicts.get(6).because()).isEqualTo("There are 29 latencies, and 72 are needed.");

    SystemJudge enough = judge(declared(Changes.defaults(), Map.of()));
    enough.askChange(
        Service.of(1000).draw(null, random),
        Service.of(30).draw(null, random),
        ComparedWith.CONSECUTIVE);
    assertThat(of(enough.verdicts(), "latency_p50_ms").status())
        .isNotEqualTo(Status.INSUFFICIENT_DATA);
    SystemVerdict p95 = of(enough.verdicts(), "latency_p95_ms");
    assertThat(p95.status()).isEqualTo(Status.INSUFFICIENT_DATA);
    assertThat(p95.because()).isEqualTo("There: There are 30 latencies, and 72 are needed.");
  }

  /** A thousand rows that stand for fifty each are a thousand rows. */
  @Test
  void weightedRowsAreWorthWhatTheyAre() {
    SystemState state = new SystemState();
    for (int i = 0; i < 29; i++) {
      state.add(i, 50, false, 10.0, 1.0, 0);
    }
    SystemJudge judge = judge(declared(Changes.defaults(), Map.of()));
    judge.askChange(
        window(Optional.empty(), state, 0),
        Service.of(1000).draw(null, new Random(1)),
        ComparedWith.CONSECUTIVE);
    assertThat(judge.verdicts().get(0).because()).startsWith("There are 29 rows now");
  }

  @Test
  void fromNoCrashToManyIsBeyondAnyRatio() {
    Random random = new Random(5);
    ServiceWindow now = Service.of(1000).draw(null, random);
    ServiceWindow before = Service.of(1000).draw(null, random);
    SystemJudge judge = judge(declared(Changes.defaults(), Map.of()));
    judge.askChange(
        window(Optional.empty(), now.state(), 30),
        window(Optional.empty(), before.state(), 0),
        ComparedWith.CONSECUTIVE);
    SystemVerdict verdict = of(judge.verdicts(), "crashes_per_thousand");
    assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
    assertThat(verdict.effect()).hasValue(Double.POSITIVE_INFINITY);
    assertThat(verdict.reference()).hasValue(0);
    assertThat(verdict.because())
        .startsWith("crashes_per_thousand 30 (95 %: 20.2 to 42.8, n 30), in the window before 0:")
        .contains("from nothing, 2 matters");

    SystemJudge none = judge(declared(ANY, Map.of()));
    none.askChange(
        window(Optional.empty(), now.state(), 0),
        window(Optional.empty(), before.state(), 0),
        ComparedWith.CONSECUTIVE);
    SystemVerdict nothing = of(none.verdicts(), "crashes_per_thousand");
    assertThat(nothing.status()).isEqualTo(Status.OK);
    assertThat(nothing.effect()).hasValue(1);
  }

  @Test
  void factsOfTheWindowFireByTheirValueAloneAndOfTheWholeServiceOnly() {
    SystemState state = new SystemState();
    // Three rows: no test would say anything.
    state.add(0, 1, true, 5.0, 1.0, 0);
    state.add(0, 1, true, 5.0, 1.0, 0);
    state.add(100, 1, false, 5.0, 1.0, 0);
    Map<String, Double> objectives =
        Map.of(
            "silence_minutes",
            1338.0,
            "availability",
            0.51,
            "staleness_days",
            9.99,
            "requests_per_second_peak",
            0.03,
            "cost_total",
            2.9);
    SystemJudge judge = judge(declared(Changes.defaults(), objectives));
    judge.askObjectives(window(Optional.empty(), state, 0));
    judge.askObjectives(window(Optional.of("v1"), state, 0));
    List<SystemVerdict> verdicts = judge.verdicts();
    assertThat(verdicts)
        .hasSize(5)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.version()).isEmpty();
              assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
              assertThat(verdict.pValue()).isEmpty();
              assertThat(verdict.familySize()).isZero();
            });
    assertThat(of(verdicts, "silence_minutes").because())
        .isEqualTo("silence_minutes 1340; the objective is at most 1340.");
    assertThat(of(verdicts, "availability").because())
        .isEqualTo("availability 0.5; the objective is at least 0.51.");
  }

  /** What nobody can say must be said: silence would close an alert. */
  @Test
  void anOutageIsSilenceAndNothingElseIsTold() {
    SystemJudge judge =
        judge(
            declared(
                Changes.defaults(),
                Map.of(
                    "silence_minutes",
                    60.0,
                    "availability",
                    0.9,
                    "error_rate",
                    0.1,
                    "crashes_per_thousand",
                    1.0)));
    judge.askObjectives(window(Optional.empty(), new SystemState(), 2));
    List<SystemVerdict> verdicts = judge.verdicts();
    assertThat(degraded(verdicts)).containsExactly("silence_minutes");
    Map<String, String> unknown = new TreeMap<>();
    for (SystemVerdict verdict : verdicts) {
      if (verdict.status() == Status.INSUFFICIENT_DATA) {
        unknown.put(verdict.metric().name(), verdict.because());
      }
    }
    assertThat(unknown)
        .containsExactly(
            Map.entry("availability", "There is no request."),
            Map.entry("crashes_per_thousand", "2 crashes and no request."),
            Map.entry("error_rate", "No row says whether it is an error."));
  }
}

package dev.telltale.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.drift.DriftPolicy;
import dev.telltale.finding.AlertPolicy;
import dev.telltale.stats.MultipleTesting;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A default is a promise: changing one is a change of this test, and of the changelog. */
class DefaultsTest {
  @Test
  void everyDefaultHasItsDocumentedValue() throws IllegalAccessException {
    Map<String, Object> defaults = new TreeMap<>();
    for (Field field : Defaults.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        defaults.put(field.getName(), field.get(null));
      }
    }
    assertThat(defaults)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("MAX_SLICE_VALUES", 100),
                Map.entry("GRANULARITIES", List.of(Granularity.DAY)),
                Map.entry("ALPHA", 0.05),
                Map.entry("CORRECTION", "BENJAMINI_HOCHBERG"),
                Map.entry("EFFECT", "js_distance"),
                Map.entry("THRESHOLD", 0.1),
                Map.entry("MISSINGNESS", 0.01),
                Map.entry("NEW_CATEGORY", 0.01),
                Map.entry("OUT_OF_RANGE", 0.01),
                Map.entry("ROW_COUNT_RATIO", 1.5),
                Map.entry("MINIMUM_ROWS", 30),
                Map.entry("MINIMUM_UNITS", 10),
                Map.entry("ALERT_WINDOWS", 3),
                Map.entry("ALERT_REQUIRED", 2),
                Map.entry("ALERT_CLOSE_AFTER", 2),
                Map.entry("ALERT_COOL_DOWN", 1),
                Map.entry("BETA", 1.0),
                Map.entry("CUTOFFS", List.of(5, 10)),
                Map.entry("TOLERANCE", 0.02),
                Map.entry("TOLERANCE_RATIO", 0.1),
                Map.entry("MINIMUM_LABELS", 100),
                Map.entry("RESTATE_WITHIN", Duration.ofDays(90)),
                Map.entry("LABELLING_BUDGET", 0),
                Map.entry("CLOCK_SKEW", Duration.ofHours(1)),
                Map.entry("ALLOWED_LATENESS", Duration.ofDays(90)),
                Map.entry("SAMPLE_TABLE", "telemetry_sample_"),
                Map.entry("MOSTLY", 1.0),
                Map.entry("CHECK_SEVERITY", "WARNING"),
                Map.entry("LATENCY_RATIO", 1.2),
                Map.entry("ERROR_RATE", 0.01),
                Map.entry("CRASH_RATIO", 2.0),
                Map.entry("COST_RATIO", 1.2),
                Map.entry("PRE_DAYS", 14),
                Map.entry("EXPERIMENT_ALPHA", 0.05),
                Map.entry("SPENDING", "obf"),
                Map.entry("LAKE", "lake"),
                Map.entry("CONFIG", "conf"),
                Map.entry("MASTER", "local[*]"),
                Map.entry("VERBOSITY", 0)));
  }

  @Test
  void thePoliciesTakeEachDefaultWhereItBelongs() {
    assertThat(DriftPolicy.defaults())
        .isEqualTo(
            new DriftPolicy(
                0.05,
                MultipleTesting.BENJAMINI_HOCHBERG,
                "js_distance",
                0.1,
                0.01,
                0.01,
                0.01,
                1.5,
                30));
    assertThat(AlertPolicy.of(ModelConfig.Alerts.defaults()))
        .isEqualTo(new AlertPolicy(3, 2, 2, 1));
  }

  @Test
  void aPolicyTakesEveryKeyOfAModelFile() {
    // All different, so that two that are exchanged show.
    assertThat(
            DriftPolicy.of(
                new ModelConfig.Drift(0.01, "HOLM", "psi", 0.2, 0.03, 0.04, 0.05, 2.5, 50)))
        .isEqualTo(
            new DriftPolicy(0.01, MultipleTesting.HOLM, "psi", 0.2, 0.03, 0.04, 0.05, 2.5, 50));
    assertThat(AlertPolicy.of(new ModelConfig.Alerts(7, 5, 4, 3)))
        .isEqualTo(new AlertPolicy(7, 5, 4, 3));
  }
}

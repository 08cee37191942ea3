package dev.telltale.jobs;

import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** Every row of every result table as text, to compare two lakes or one lake at two times. */
public final class LakeContents {
  /**
   * Tables that stay empty for a model without feedback, sampling, checks and experiments, with
   * right clocks.
   */
  private static final Set<Tables> OF_MORE =
      EnumSet.of(
          Tables.CHECK_RESULTS,
          Tables.SYSTEM_STATES,
          Tables.SYSTEM_METRICS,
          Tables.SYSTEM_COMPARISONS,
          Tables.CRASH_GROUPS,
          Tables.SAMPLING_VOLUMES,
          Tables.SAMPLING_PLAN,
          Tables.CLOCK_QUARANTINE,
          Tables.LABELLED,
          Tables.QUALITY_STATES,
          Tables.QUALITY_METRICS,
          Tables.QUALITY_COMPARISONS,
          Tables.QUALITY_ESTIMATES,
          Tables.QUALITY_SEGMENTS,
          Tables.WEAK_SLICES,
          Tables.QUALITY_CURVES,
          Tables.REGRESSION_SET,
          Tables.LABELLING_QUEUE,
          Tables.ANNOTATOR_AGREEMENT,
          Tables.KPI_METRICS,
          Tables.KPI_RELATIONS,
          Tables.LABEL_MATURITY,
          Tables.EXPERIMENT_FACTS,
          Tables.EXPERIMENT_EXPOSURES,
          Tables.EXPERIMENT_STATES,
          Tables.EXPERIMENT_RESULTS,
          Tables.EXPERIMENT_CHECKS,
          Tables.EXPERIMENT_LOOKS);

  private LakeContents() {}

  /** Whether every table has rows, but those of feedback, which a model without it has none of. */
  public static boolean isFullWithoutFeedback(Map<Tables, List<String>> contents) {
    return contents.entrySet().stream()
        .allMatch(entry -> entry.getValue().isEmpty() == OF_MORE.contains(entry.getKey()));
  }

  /** Rows by table, sorted, without those columns that say who computed a row, and when. */
  public static Map<Tables, List<String>> of(SparkSession spark, String location) {
    Map<Tables, List<String>> contents = new TreeMap<>();
    Lake lake = Lake.at(spark, location);
    for (Tables table : Tables.values()) {
      if (table != Tables.RUNS
          && table != Tables.ALERT_ACKNOWLEDGEMENTS
          && table != Tables.MAINTENANCE) {
        // A query of no rows costs as much as one of some, and half of the tables have none.
        contents.put(table, lake.hasFiles(table) ? rows(lake, table) : List.of());
      }
    }
    return contents;
  }

  private static List<String> rows(Lake lake, Tables table) {
    return lake.read(table).drop("run_id", "computed_at").toJSON().collectAsList().stream()
        .sorted()
        .toList();
  }
}

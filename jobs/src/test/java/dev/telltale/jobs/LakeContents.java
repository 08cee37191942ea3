package dev.telltale.jobs;

import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** Every row of every result table as text, to compare two lakes or one lake at two times. */
public final class LakeContents {
  private LakeContents() {}

  /** Rows by table, sorted, without those columns that say who computed a row, and when. */
  public static Map<Tables, List<String>> of(SparkSession spark, String location) {
    Map<Tables, List<String>> contents = new TreeMap<>();
    for (Tables table : Tables.values()) {
      if (table != Tables.RUNS && table != Tables.ALERT_ACKNOWLEDGEMENTS) {
        contents.put(
            table,
            Lake.at(spark, location)
                .read(table)
                .drop("run_id", "computed_at")
                .toJSON()
                .collectAsList()
                .stream()
                .sorted()
                .toList());
      }
    }
    return contents;
  }
}

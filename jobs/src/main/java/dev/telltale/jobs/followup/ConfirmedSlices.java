package dev.telltale.jobs.followup;

import dev.telltale.config.Granularity;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import org.apache.spark.sql.Row;

/**
 * The weak slices that a week's search found and the held-out rows confirmed, the largest first.
 *
 * @param words their conditions in words
 * @param predicates their conditions as SQL over the prediction log
 */
record ConfirmedSlices(List<String> words, List<String> predicates) {
  /** Copies the lists. */
  ConfirmedSlices {
    words = List.copyOf(words);
    predicates = List.copyOf(predicates);
  }

  /** Of one week, as the table has them now. */
  static ConfirmedSlices of(Lake lake, String model, SortedSet<Instant> week) {
    List<Row> rows =
        lake
            .latest()
            .rows(Tables.WEAK_SLICES, WindowScope.of(model, Granularity.WEEK, week))
            .stream()
            .filter(row -> "WEAK".equals(row.getAs("status")))
            .filter(row -> row.getAs("predicate") != null)
            .sorted(Comparator.comparing((Row row) -> row.<Integer>getAs("rank")))
            .toList();
    return new ConfirmedSlices(
        rows.stream().map(row -> row.<String>getAs("slice")).toList(),
        rows.stream().map(row -> row.<String>getAs("predicate")).toList());
  }
}

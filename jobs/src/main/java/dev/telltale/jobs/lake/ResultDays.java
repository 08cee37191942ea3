package dev.telltale.jobs.lake;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.RemoveFile;
import scala.collection.JavaConverters;

/**
 * Which windows of a model a result table has, and which days of it changed; from the partitions
 * that the table's log names, as far as these tell.
 */
public final class ResultDays {
  private final Lake lake;
  private final Tables resultTable;
  private final SourceTable table;
  private final String modelId;
  private final Granularity granularity;

  private ResultDays(Lake lake, Tables resultTable, String modelId, Granularity granularity) {
    this.lake = lake;
    this.resultTable = resultTable;
    this.table = lake.resultTable(resultTable);
    this.modelId = modelId;
    this.granularity = granularity;
  }

  /** The days of a table that is partitioned by window, at the version of the lake's view. */
  public static ResultDays of(Lake lake, Tables table, String modelId, Granularity granularity) {
    return new ResultDays(lake, table, modelId, granularity);
  }

  /** Days on which a window with rows starts. */
  public SortedSet<LocalDate> present() {
    return lake.files(resultTable).partitions().stream()
        .filter(this::isOurs)
        .map(partition -> LocalDate.parse(partition.get("window_date")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The same by the value of a further partition column. */
  public SortedMap<String, SortedSet<LocalDate>> presentBy(String column) {
    SortedMap<String, SortedSet<LocalDate>> days = new TreeMap<>();
    lake.files(resultTable).partitions().stream()
        .filter(this::isOurs)
        .forEach(
            partition ->
                days.computeIfAbsent(partition.get(column), any -> new TreeSet<>())
                    .add(LocalDate.parse(partition.get("window_date"))));
    return days;
  }

  /** Those of the windows that have rows. */
  public SortedSet<Instant> among(Collection<Instant> windows) {
    WindowScope scope = WindowScope.of(modelId, granularity, windows);
    TreeSet<Instant> found = new TreeSet<>();
    if (granularity == Granularity.HOUR) {
      lake.rows(resultTable, scope, "window_start")
          .forEach(row -> found.add(row.getTimestamp(0).toInstant()));
      return found;
    }
    SortedSet<LocalDate> days = present();
    scope.windows().stream()
        .filter(start -> days.contains(WindowScope.date(start)))
        .forEach(found::add);
    return found;
  }

  /**
   * The windows of a coarser granularity that hold some windows of this one and whose last part is
   * there.
   *
   * @param fresh windows that a run computes, whether they have rows yet or not
   */
  public SortedSet<Instant> complete(Granularity coarse, Set<Instant> fresh) {
    Map<Instant, Instant> windowOfLast = new HashMap<>();
    for (Instant window : fresh) {
      Instant start = coarse.floor(window);
      windowOfLast.put(granularity.previous(coarse.next(start)), start);
    }
    SortedSet<Instant> there =
        windowOfLast.isEmpty() ? new TreeSet<>() : among(windowOfLast.keySet());
    SortedSet<Instant> complete = new TreeSet<>();
    windowOfLast.forEach(
        (last, start) -> {
          if (fresh.contains(last) || there.contains(last)) {
            complete.add(start);
          }
        });
    return complete;
  }

  /**
   * The newest day with rows of a model and granularity.
   *
   * @param modelId model
   * @param granularity length of a window
   * @param day the day
   */
  public record Newest(String modelId, Granularity granularity, LocalDate day) {}

  /** The newest day of each model and granularity that a table has, in their order. */
  public static List<Newest> newest(Lake lake, Tables table) {
    Map<List<String>, LocalDate> newest =
        new TreeMap<>(
            Comparator.comparing((List<String> key) -> key.get(0))
                .thenComparing(key -> key.get(1)));
    for (Map<String, String> partition : lake.files(table).partitions()) {
      if (partition.get("granularity").equals(WindowScope.BASELINE)) {
        continue;
      }
      newest.merge(
          List.of(partition.get("model_id"), partition.get("granularity")),
          LocalDate.parse(partition.get("window_date")),
          (a, b) -> a.isAfter(b) ? a : b);
    }
    return newest.entrySet().stream()
        .map(
            entry ->
                new Newest(
                    entry.getKey().get(0), Granularity.of(entry.getKey().get(1)), entry.getValue()))
        .toList();
  }

  /**
   * Days whose rows were written or removed after version {@code since}, up to the view's version.
   *
   * @return empty if the commits since then are no longer in the log
   */
  public Optional<SortedSet<LocalDate>> touchedSince(long since) {
    Maintenance.Since from = lake.maintenance().since(table.location(), since);
    return Commits.between(table.log(), from.version(), table.version())
        .map(this::days)
        .map(
            days -> {
              from.restate().forEach(day -> days.add(WindowScope.date(day)));
              return days;
            });
  }

  private SortedSet<LocalDate> days(List<Action> actions) {
    SortedSet<LocalDate> days = new TreeSet<>();
    for (Action action : actions) {
      if (action instanceof AddFile add && add.dataChange()) {
        addDay(days, JavaConverters.mapAsJavaMap(add.partitionValues()));
      } else if (action instanceof RemoveFile remove && remove.dataChange()) {
        addDay(days, JavaConverters.mapAsJavaMap(remove.partitionValues()));
      }
    }
    return days;
  }

  private void addDay(SortedSet<LocalDate> days, Map<String, String> partition) {
    if (isOurs(partition)) {
      days.add(LocalDate.parse(partition.get("window_date")));
    }
  }

  private boolean isOurs(Map<String, String> partition) {
    return modelId.equals(partition.get("model_id"))
        && granularity.label().equals(partition.get("granularity"));
  }
}

package dev.telltale.jobs.followup;

import static org.apache.spark.sql.functions.col;

import dev.telltale.config.Feedback;
import dev.telltale.config.Granularity;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.stats.CohenKappa;
import dev.telltale.stats.FleissKappa;
import dev.telltale.stats.Kappa;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * How far annotators agree, by window: of all together Fleiss' kappa, of every two of them Cohen's.
 * What crosses to the driver is how often each set of labels was given, not the items.
 */
public final class AnnotatorAgreement {
  private static final String ALL = "fleiss_kappa";
  private static final String PAIR = "cohen_kappa";
  private static final String GIVEN = "given";

  private final Lake lake;
  private final NightSpec spec;
  private final Instant computedAt = Instant.now();

  private AnnotatorAgreement(Lake lake, NightSpec spec) {
    this.lake = lake;
    this.spec = spec;
  }

  /**
   * Writes the agreement in windows whose labels have changed.
   *
   * @param windows by their granularity
   * @return rows written
   */
  public static long write(
      Lake lake, NightSpec spec, Map<Granularity, NavigableSet<Instant>> windows) {
    List<Feedback> annotated =
        spec.model().feedback().stream()
            .filter(source -> source.kind() == Feedback.Kind.ANNOTATION)
            .filter(source -> source.annotator().isPresent())
            .toList();
    if (annotated.isEmpty() || windows.isEmpty() || spec.dryRun()) {
      return 0;
    }
    AnnotatorAgreement agreement = new AnnotatorAgreement(lake, spec);
    List<Row> rows = new ArrayList<>();
    for (Feedback source : annotated) {
      rows.addAll(agreement.rows(source, windows));
    }
    List<WindowScope> scopes = new ArrayList<>();
    windows.forEach(
        (granularity, starts) ->
            scopes.add(WindowScope.of(spec.model().model(), granularity, starts)));
    return lake.writer(spec.runId()).replace(Tables.ANNOTATOR_AGREEMENT, scopes, rows);
  }

  private List<Row> rows(Feedback source, Map<Granularity, NavigableSet<Instant>> windows) {
    Granularity finest = windows.keySet().stream().min(Granularity::compareTo).orElseThrow();
    Dataset<Row> labelled =
        lake.read(
                Tables.LABELLED,
                WindowScope.of(spec.model().model(), Granularity.DAY, days(windows)))
            .where(
                col("source").equalTo(source.name()).and(functions.size(col("annotations")).geq(2)))
            .select(
                functions
                    .date_trunc(finest == Granularity.HOUR ? "hour" : "day", col("event_ts"))
                    .as("start"),
                functions.map_entries(col("annotations")).as(GIVEN))
            .groupBy("start", GIVEN)
            .count();
    Map<Granularity, SortedMap<Instant, Ballots>> ballots = new TreeMap<>();
    for (Row row : labelled.collectAsList()) {
      SortedMap<String, String> given = new TreeMap<>();
      row.<Row>getList(1).forEach(one -> given.put(one.getString(0), one.getString(1)));
      windows.forEach(
          (granularity, starts) -> {
            Instant start = granularity.floor(row.getTimestamp(0).toInstant());
            if (starts.contains(start)) {
              ballots
                  .computeIfAbsent(granularity, absent -> new TreeMap<>())
                  .computeIfAbsent(start, absent -> new Ballots())
                  .add(given, row.getLong(2));
            }
          });
    }
    List<Row> rows = new ArrayList<>();
    ballots.forEach(
        (granularity, byStart) ->
            byStart.forEach((start, some) -> rows.addAll(rows(source, granularity, start, some))));
    return rows;
  }

  /** The days of all windows that have labels. */
  private SortedSet<Instant> days(Map<Granularity, NavigableSet<Instant>> windows) {
    SortedSet<Instant> days = new TreeSet<>();
    windows.forEach((granularity, starts) -> days.addAll(WindowScope.daysOf(granularity, starts)));
    return ResultDays.of(lake, Tables.LABELLED, spec.model().model(), Granularity.DAY).among(days);
  }

  private List<Row> rows(Feedback source, Granularity granularity, Instant start, Ballots some) {
    List<Row> rows = new ArrayList<>();
    int minimum = spec.model().quality().minimumLabels();
    long items = some.items();
    rows.add(
        row(source, granularity, start, ALL, items, some.fleiss(), minimum)
            .set("ties", some.ties())
            .set(
                "because",
                words(some.annotators() + " annotators", items, some.fleiss(), minimum)
                    + String.format(
                        Locale.ROOT, " %,d items have no label that most gave.", some.ties()))
            .build());
    some.pairs()
        .forEach(
            (pair, table) -> {
              long both = table.items();
              rows.add(
                  row(source, granularity, start, PAIR, both, table.cohen(), minimum)
                      .set("annotator_a", pair.get(0))
                      .set("annotator_b", pair.get(1))
                      .set(
                          "because",
                          words(pair.get(0) + " and " + pair.get(1), both, table.cohen(), minimum))
                      .build());
            });
    return rows;
  }

  private static String words(String who, long items, Optional<Kappa> kappa, int minimum) {
    String said =
        kappa
            .map(
                found ->
                    String.format(
                        Locale.ROOT,
                        "%s give the same label in %.1f %% of pairs over %,d items, %.1f %% by"
                            + " chance: kappa %.2f (95 %% interval %.2f to %.2f).",
                        who,
                        100 * found.observedAgreement(),
                        items,
                        100 * found.expectedAgreement(),
                        found.value(),
                        found.low(),
                        found.high()))
            .orElse(who + " have given one and the same label only: there is no kappa of that.");
    return items < minimum ? said + " Fewer than " + minimum + " items say little." : said;
  }

  private TableRow row(
      Feedback source,
      Granularity granularity,
      Instant start,
      String metric,
      long items,
      Optional<Kappa> kappa,
      int minimum) {
    TableRow row =
        new TableRow(Tables.ANNOTATOR_AGREEMENT.schema())
            .window(start, granularity.next(start))
            .set("granularity", granularity.label())
            .set("model_id", spec.model().model())
            .set("run_id", spec.runId())
            .set("computed_at", computedAt)
            .set("source", source.name())
            .set("metric", metric)
            .set("n", items)
            .set("status", items < minimum || kappa.isEmpty() ? "INSUFFICIENT_DATA" : "OK");
    kappa.ifPresent(
        found ->
            row.set("value", found.value())
                .set("std_error", found.standardError())
                .set("ci_low", found.low())
                .set("ci_high", found.high())
                .set("observed_agreement", found.observedAgreement())
                .set("expected_agreement", found.expectedAgreement()));
    return row;
  }

  /** The labels that items of a window were given, and how often each set of them. */
  private static final class Ballots {
    private final Map<SortedMap<String, String>, Long> given = new HashMap<>();

    void add(SortedMap<String, String> labels, long items) {
      given.merge(labels, items, Long::sum);
    }

    long items() {
      return given.values().stream().mapToLong(Long::longValue).sum();
    }

    long annotators() {
      return given.keySet().stream().flatMap(one -> one.keySet().stream()).distinct().count();
    }

    private List<String> classes() {
      return given.keySet().stream()
          .flatMap(one -> one.values().stream())
          .distinct()
          .sorted()
          .toList();
    }

    private static int[] votes(SortedMap<String, String> labels, List<String> classes) {
      int[] votes = new int[classes.size()];
      labels.values().forEach(label -> votes[classes.indexOf(label)]++);
      return votes;
    }

    Optional<Kappa> fleiss() {
      List<String> classes = classes();
      FleissKappa fleiss = new FleissKappa(classes.size());
      given.forEach(
          (labels, items) -> {
            int[] votes = votes(labels, classes);
            for (long i = 0; i < items; i++) {
              fleiss.add(votes);
            }
          });
      return fleiss.kappa();
    }

    long ties() {
      List<String> classes = classes();
      long ties = 0;
      for (Map.Entry<SortedMap<String, String>, Long> one : given.entrySet()) {
        int[] votes = votes(one.getKey(), classes);
        Arrays.sort(votes);
        int last = votes.length - 1;
        ties += last > 0 && votes[last] == votes[last - 1] ? one.getValue() : 0;
      }
      return ties;
    }

    SortedMap<List<String>, Table> pairs() {
      SortedMap<List<String>, Table> pairs =
          new TreeMap<>(
              Comparator.<List<String>, String>comparing(pair -> pair.get(0))
                  .thenComparing(pair -> pair.get(1)));
      List<String> classes = classes();
      given.forEach(
          (labels, items) -> {
            List<String> who = List.copyOf(labels.keySet());
            for (int a = 0; a < who.size(); a++) {
              for (int b = a + 1; b < who.size(); b++) {
                pairs
                    .computeIfAbsent(
                        List.of(who.get(a), who.get(b)), absent -> new Table(classes.size()))
                    .add(
                        classes.indexOf(labels.get(who.get(a))),
                        classes.indexOf(labels.get(who.get(b))),
                        items);
              }
            }
          });
      return pairs;
    }
  }

  /** Items by the labels that two annotators gave them. */
  private static final class Table {
    private final long[][] counts;

    Table(int classes) {
      counts = new long[classes][classes];
    }

    void add(int first, int second, long items) {
      counts[first][second] += items;
    }

    long items() {
      return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    Optional<Kappa> cohen() {
      return CohenKappa.of(counts);
    }
  }
}

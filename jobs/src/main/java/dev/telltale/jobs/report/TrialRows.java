package dev.telltale.jobs.report;

import dev.telltale.jobs.report.Trial.Change;
import java.sql.Date;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * The rows that a report speaks of experiments from.
 *
 * @param looks rows of {@code experiment_looks}, of all looks
 * @param results rows of {@code experiment_results}, of all looks; of segments those of the last
 * @param checks rows of {@code experiment_checks} of the last looks
 * @param controls name of the control by experiment
 * @param to end of the report
 */
record TrialRows(
    List<Row> looks,
    List<Row> results,
    List<Row> checks,
    Map<String, String> controls,
    Instant to) {
  /** Of a model without experiments. */
  static final TrialRows NONE =
      new TrialRows(List.of(), List.of(), List.of(), Map.of(), Instant.EPOCH);

  /** Nights fail, but not for long: what was not looked at in this time is not any more. */
  private static final Duration PATIENCE = Duration.ofDays(7);

  private static final String HETEROGENEITY = "HETEROGENEITY";
  private static final List<String> ROLES = List.of("PRIMARY", "GUARDRAIL", "SECONDARY");
  private static final List<String> DOUBTS = List.of("INVALID", "WARNING", "INSUFFICIENT_DATA");

  /** Id of the part of the page that a finding of an experiment leads to. */
  String link(String experiment) {
    return looks.stream().anyMatch(row -> row.getAs("experiment_id").equals(experiment))
        ? Links.experiment(experiment)
        : Links.column(Subject.TABLE);
  }

  /** Running ones first, then the newest. */
  List<Trial> report() {
    Map<String, List<Row>> byId = byId(looks);
    Map<String, List<Row>> resultsById = byId(results);
    Map<String, List<Row>> checksById = byId(checks);
    return byId.entrySet().stream()
        .map(
            entry ->
                new One(
                        entry.getKey(),
                        entry.getValue(),
                        resultsById.getOrDefault(entry.getKey(), List.of()),
                        checksById.getOrDefault(entry.getKey(), List.of()),
                        controls.get(entry.getKey()),
                        to)
                    .trial())
        .sorted(
            Comparator.comparing((Trial trial) -> !trial.running())
                .thenComparing(Trial::day, Comparator.reverseOrder())
                .thenComparing(Trial::look)
                .thenComparing(Trial::experiment))
        .toList();
  }

  private static Map<String, List<Row>> byId(List<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> row.<String>getAs("experiment_id"), TreeMap::new, Collectors.toList()));
  }

  private static Instant day(Row row) {
    return Cells.instant(row, "window_start");
  }

  private static Instant date(Row row, String column) {
    Date date = row.getAs(column);
    return date == null ? null : date.toLocalDate().atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static Double number(Row row, String column) {
    Double value = row.getAs(column);
    return value == null || !Double.isFinite(value) ? null : value;
  }

  private static Change change(Row row, String value, String low, String high) {
    Double known = number(row, value);
    return known == null ? null : new Change(known, number(row, low), number(row, high));
  }

  private static Change effect(Row row) {
    return change(row, "effect", "ci_low", "ci_high");
  }

  private static Change lift(Row row) {
    return change(row, "lift", "lift_low", "lift_high");
  }

  /** One experiment. */
  private record One(
      String id, List<Row> looks, List<Row> results, List<Row> checks, String control, Instant to) {

    Trial trial() {
      Instant day = looks.stream().map(TrialRows::day).max(Comparator.naturalOrder()).orElseThrow();
      List<Row> last =
          looks.stream()
              .filter(row -> day(row).equals(day))
              .sorted(Comparator.comparing(One::compared))
              .toList();
      Row any = last.get(0);
      // A look at another declaration belongs to another analysis.
      List<Row> same =
          looks.stream()
              .filter(row -> row.getAs("declaration").equals(any.getAs("declaration")))
              .toList();
      Map<String, Long> aside = new LinkedHashMap<>();
      aside.put("several_variants", any.getAs("num_several"));
      aside.put("excluded", any.getAs("num_excluded"));
      aside.put("undeclared", any.getAs("num_undeclared"));
      aside.put("late", any.getAs("num_late"));
      List<Trial.Variant> variants = last.stream().map(row -> variant(row, same)).toList();
      List<Row> made =
          checks.stream().filter(row -> !row.getAs("check").equals(HETEROGENEITY)).toList();
      return new Trial(
          id,
          Links.experiment(id),
          any.getAs("look"),
          day,
          isRunning(variants, day),
          control,
          any.getAs("n_control"),
          aside,
          variants,
          metrics(day),
          courses(same, variants),
          segments(day),
          made.size(),
          doubts(made));
    }

    /** Something is open, and it is still looked at. */
    private boolean isRunning(List<Trial.Variant> variants, Instant day) {
      return variants.stream().anyMatch(Trial.Variant::isOpen) && day.isAfter(to.minus(PATIENCE));
    }

    /** Later looks only say when it was decided; the look that decided says why. */
    private static Trial.Variant variant(Row row, List<Row> looks) {
      Instant decidedOn = date(row, "decided_on");
      String because =
          looks.stream()
              .filter(look -> look.getAs("variant").equals(row.getAs("variant")))
              .filter(look -> day(look).equals(decidedOn))
              .findFirst()
              .orElse(row)
              .getAs("because");
      return new Trial.Variant(
          row.getAs("variant"), row.getAs("n_variant"), row.getAs("decision"), decidedOn, because);
    }

    private static String compared(Row row) {
      return row.getAs("variant");
    }

    private static Comparator<Row> byPlace() {
      return Comparator.comparingInt((Row row) -> ROLES.indexOf(row.<String>getAs("role")))
          .thenComparing(row -> row.<String>getAs("metric"))
          .thenComparing(One::compared);
    }

    private List<Trial.Metric> metrics(Instant day) {
      return results.stream()
          .filter(row -> day(row).equals(day) && row.getAs("slice_key") == null)
          .sorted(byPlace())
          .map(
              row ->
                  new Trial.Metric(
                      row.getAs("metric"),
                      row.getAs("role"),
                      row.getAs("variant"),
                      row.getAs("n_control"),
                      row.getAs("n_variant"),
                      number(row, "mean_control"),
                      number(row, "mean_variant"),
                      effect(row),
                      lift(row),
                      number(row, "p_value_adjusted"),
                      row.getAs("outcome"),
                      date(row, "fixed_on"),
                      row.getAs("because")))
          .toList();
    }

    private List<Trial.Course> courses(List<Row> looks, List<Trial.Variant> variants) {
      Set<Instant> days = looks.stream().map(TrialRows::day).collect(Collectors.toSet());
      Map<List<String>, List<Row>> rows =
          results.stream()
              .filter(row -> days.contains(day(row)) && row.getAs("slice_key") == null)
              .filter(row -> row.getAs("role").equals("PRIMARY"))
              .sorted(byPlace().thenComparing(TrialRows::day))
              .collect(
                  Collectors.groupingBy(
                      row -> List.of(row.<String>getAs("metric"), compared(row)),
                      LinkedHashMap::new,
                      Collectors.toList()));
      return rows.entrySet().stream()
          .map(entry -> course(entry.getKey().get(0), entry.getValue(), variants))
          .toList();
    }

    private static Trial.Course course(
        String metric, List<Row> rows, List<Trial.Variant> variants) {
      String variant = compared(rows.get(0));
      boolean share = lift(rows.get(rows.size() - 1)) != null;
      return new Trial.Course(
          metric,
          variant,
          share,
          variants.stream()
              .filter(one -> one.variant().equals(variant) && one.decidedOn() != null)
              .map(Trial.Variant::decidedOn)
              .findFirst()
              .orElse(null),
          rows.stream()
              .map(
                  row -> {
                    Change change = share ? lift(row) : effect(row);
                    return new Trial.Point(
                        row.getAs("look"),
                        day(row),
                        change == null ? null : change.value(),
                        change == null ? null : change.low(),
                        change == null ? null : change.high(),
                        row.getAs("outcome"));
                  })
              .toList());
    }

    private List<Trial.Segments> segments(Instant day) {
      Map<List<String>, List<Row>> rows =
          results.stream()
              .filter(row -> day(row).equals(day) && row.getAs("slice_key") != null)
              .sorted(
                  byPlace()
                      .thenComparing(row -> row.<String>getAs("slice_key"))
                      .thenComparing(row -> String.valueOf(row.<String>getAs("slice_value"))))
              .collect(
                  Collectors.groupingBy(One::question, LinkedHashMap::new, Collectors.toList()));
      return rows.entrySet().stream()
          .map(
              entry ->
                  new Trial.Segments(
                      entry.getKey().get(0),
                      entry.getKey().get(1),
                      entry.getKey().get(2),
                      heterogeneity(entry.getKey()),
                      entry.getValue().stream().map(One::part).toList()))
          .toList();
    }

    private static List<String> question(Row row) {
      return List.of(row.getAs("metric"), row.getAs("variant"), row.getAs("slice_key"));
    }

    private String heterogeneity(List<String> question) {
      return checks.stream()
          .filter(row -> row.getAs("check").equals(HETEROGENEITY))
          .filter(row -> question(row).equals(question))
          .map(row -> row.<String>getAs("because"))
          .findFirst()
          .orElse(null);
    }

    private static Trial.Part part(Row row) {
      return new Trial.Part(
          row.getAs("slice_value"),
          row.getAs("n_control"),
          row.getAs("n_variant"),
          effect(row),
          lift(row),
          row.getAs("outcome"),
          row.getAs("because"));
    }

    private static List<Trial.Doubt> doubts(List<Row> checks) {
      return checks.stream()
          .filter(row -> DOUBTS.contains(row.<String>getAs("status")))
          .map(
              row ->
                  new Trial.Doubt(
                      row.getAs("check"),
                      row.getAs("metric"),
                      row.getAs("variant"),
                      date(row, "day"),
                      row.getAs("slice_key"),
                      row.getAs("slice_value"),
                      row.getAs("status"),
                      row.getAs("because")))
          .sorted(
              Comparator.comparingInt((Trial.Doubt doubt) -> DOUBTS.indexOf(doubt.status()))
                  .thenComparing(Trial.Doubt::check)
                  .thenComparing(doubt -> String.valueOf(doubt.metric()))
                  .thenComparing(doubt -> String.valueOf(doubt.variant()))
                  .thenComparing(Trial.Doubt::because))
          .toList();
    }
  }
}

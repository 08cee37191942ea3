package dev.telltale.jobs.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.telltale.check.CheckException;
import dev.telltale.check.CheckResult;
import dev.telltale.check.Columns;
import dev.telltale.check.Expectations;
import dev.telltale.check.Measure;
import dev.telltale.check.Observation;
import dev.telltale.check.Relation;
import dev.telltale.config.Check;
import dev.telltale.error.TelltaleException;
import dev.telltale.jobs.lake.SourceErrors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Checks the expectations of one table: all in one scan through Deequ, and in a second one where
 * rows have to be told apart. What cannot be judged does not keep the others from it: where a scan
 * fails, it is done again for each half of the expectations, until the one to blame is alone.
 */
public final class TableCheck {
  private final Dataset<Row> data;
  private final Columns columns;
  private final List<String> ids;
  private final CheckSources sources;
  private final Function<Check.Expectation, Optional<Observation>> known;
  private long rows;

  /**
   * A check.
   *
   * @param data the rows, as they are looked at
   * @param columns their columns
   * @param ids columns that name a row; those that are not there are left out
   * @param sources what is around these rows
   * @param known what is known without looking
   */
  TableCheck(
      Dataset<Row> data,
      Columns columns,
      List<String> ids,
      CheckSources sources,
      Function<Check.Expectation, Optional<Observation>> known) {
    this.data = data;
    this.columns = columns;
    this.ids = ids.stream().filter(columns.names()::contains).toList();
    this.sources = sources;
    this.known = known;
  }

  /** A check of rows that nothing is known about but themselves. */
  public static TableCheck ofRows(Dataset<Row> rows) {
    return ofDay(rows, Instant.EPOCH, Map.of());
  }

  /**
   * A check of a day's rows.
   *
   * @param start start of the day
   * @param rowsBefore how many rows days before had, by their starts
   */
  public static TableCheck ofDay(Dataset<Row> rows, Instant start, Map<Instant, Long> rowsBefore) {
    return new TableCheck(
        rows,
        columns(rows.schema()),
        List.of(),
        new RowsAlone(rows, start, rowsBefore),
        one -> Optional.empty());
  }

  /**
   * What became of an expectation.
   *
   * @param expectation the expectation
   * @param result what became of it
   * @param source where from: {@link #SCAN}, {@link #PROFILE} or {@link #SCHEMA}
   */
  public record Outcome(Check.Expectation expectation, CheckResult result, String source) {
    /** From the rows. */
    static final String SCAN = "scan";

    /** The profile of the window knew. */
    static final String PROFILE = "profile";

    /** No rows are needed. */
    static final String SCHEMA = "schema";
  }

  /** Rows that were looked at; 0 where there was no need. */
  long rows() {
    return rows;
  }

  /** Checks expectations; the outcomes are in their order. */
  public List<Outcome> run(List<Check.Expectation> expectations) {
    Map<Check.Expectation, Outcome> outcomes = new LinkedHashMap<>();
    List<Planned> toScan = new ArrayList<>();
    Map<MadeRows, List<Planned>> made = new LinkedHashMap<>();
    for (Check.Expectation expectation : expectations) {
      try {
        Planned planned = Planned.of(expectation, columns);
        Optional<Outcome> without = withoutScan(planned);
        if (without.isPresent()) {
          outcomes.put(expectation, without.get());
        } else if (planned.measure() instanceof Measure.Made other) {
          made.computeIfAbsent(
                  new MadeRows(other.relation(), planned.row(), other.ids()),
                  absent -> new ArrayList<>())
              .add(new Planned(expectation, other.rows(), Planned.EVERY));
        } else {
          toScan.add(planned);
        }
      } catch (CheckException e) {
        outcomes.put(
            expectation,
            new Outcome(expectation, CheckResult.failed(e.getMessage()), Outcome.SCHEMA));
      }
    }
    scanAll(toScan, outcomes);
    made.forEach((rowsOf, group) -> make(rowsOf, group, outcomes));
    return expectations.stream().map(outcomes::get).toList();
  }

  /**
   * Rows that are made from those of the table.
   *
   * @param row SQL condition of the rows that are looked at
   * @param ids columns that name one; empty = those of the table
   */
  private record MadeRows(Relation relation, String row, List<String> ids) {}

  /** Expectations of the same made rows are checked like those of a table. */
  private void make(
      MadeRows wanted, List<Planned> group, Map<Check.Expectation, Outcome> outcomes) {
    try {
      Dataset<Row> rowsMade = new Relations(sources, ids).of(wanted.relation(), wanted.row());
      TableCheck check =
          new TableCheck(
              rowsMade,
              columns(rowsMade.schema()),
              wanted.ids().isEmpty() ? ids : wanted.ids(),
              sources,
              known);
      check.scanAll(group, outcomes);
      rows = Math.max(rows, check.rows);
    } catch (TelltaleException e) {
      fail(group, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), outcomes);
    } catch (Exception e) {
      // Scala throws checked exceptions without saying so.
      fail(group, SparkWords.of(e), outcomes);
    }
  }

  private static void fail(
      List<Planned> group, String why, Map<Check.Expectation, Outcome> outcomes) {
    for (Planned planned : group) {
      outcomes.put(
          planned.expectation(),
          new Outcome(planned.expectation(), CheckResult.failed(why), Outcome.SCHEMA));
    }
  }

  /** The columns of rows. */
  static Columns columns(StructType schema) {
    Map<String, String> types = new LinkedHashMap<>();
    Set<String> required = new LinkedHashSet<>();
    for (StructField field : schema.fields()) {
      types.put(field.name(), field.dataType().simpleString());
      if (!field.nullable()) {
        required.add(field.name());
      }
    }
    return new Columns(types, required);
  }

  private void scanAll(List<Planned> wanted, Map<Check.Expectation, Outcome> outcomes) {
    List<Planned> toScan = new ArrayList<>(wanted);
    if (wrong(toScan).isPresent()) {
      toScan.removeIf(
          planned -> {
            Optional<String> wrong = wrong(List.of(planned));
            wrong.ifPresent(
                why ->
                    outcomes.put(
                        planned.expectation(),
                        new Outcome(
                            planned.expectation(), CheckResult.failed(why), Outcome.SCHEMA)));
            return wrong.isPresent();
          });
    }
    if (!toScan.isEmpty()) {
      scan(toScan, outcomes);
    }
  }

  private Optional<Outcome> withoutScan(Planned planned) throws CheckException {
    Check.Expectation expectation = planned.expectation();
    if (planned.measure() instanceof Measure.Structure) {
      CheckResult result =
          Expectations.judge(expectation, columns, new Observation.Nothing(), sources);
      return Optional.of(new Outcome(expectation, result, Outcome.SCHEMA));
    }
    Optional<Observation> observation = known.apply(expectation);
    if (observation.isEmpty()) {
      return Optional.empty();
    }
    CheckResult result = Expectations.judge(expectation, columns, observation.get(), sources);
    // Offending rows are to be seen, and a profile has none.
    boolean toBeShown = result.unexpectedCount().orElse(0) > 0;
    return toBeShown
        ? Optional.empty()
        : Optional.of(new Outcome(expectation, result, Outcome.PROFILE));
  }

  /** What Spark says of expectations before it runs: names it does not know, types that differ. */
  private Optional<String> wrong(List<Planned> group) {
    try {
      DeequScan deequ = new DeequScan(data);
      KeyPlan keys = new KeyPlan();
      for (Planned planned : group) {
        deequ.add(planned);
        addKeys(keys, planned, Optional.empty());
      }
      deequ.selection();
      data.select(keys.columns());
      return Optional.empty();
    } catch (Exception e) {
      // Scala throws checked exceptions without saying so.
      return Optional.of(SparkWords.of(e));
    }
  }

  private void scan(List<Planned> group, Map<Check.Expectation, Outcome> outcomes) {
    try {
      observe(group)
          .forEach(
              (planned, observation) ->
                  outcomes.put(planned.expectation(), judged(planned, observation)));
    } catch (Exception e) {
      RuntimeException failure = e instanceof RuntimeException r ? r : new IllegalStateException(e);
      if (SourceErrors.translate(failure) instanceof TelltaleException user) {
        throw user;
      }
      if (group.size() == 1) {
        Check.Expectation alone = group.get(0).expectation();
        outcomes.put(alone, new Outcome(alone, CheckResult.failed(SparkWords.of(e)), Outcome.SCAN));
        return;
      }
      int half = group.size() / 2;
      scan(group.subList(0, half), outcomes);
      scan(group.subList(half, group.size()), outcomes);
    }
  }

  private Outcome judged(Planned planned, Observation observation) {
    Check.Expectation expectation = planned.expectation();
    try {
      return new Outcome(
          expectation,
          Expectations.judge(expectation, columns, observation, sources),
          Outcome.SCAN);
    } catch (CheckException e) {
      return new Outcome(expectation, CheckResult.failed(e.getMessage()), Outcome.SCAN);
    }
  }

  private Map<Planned, Observation> observe(List<Planned> group) {
    DeequScan deequ = new DeequScan(data);
    group.forEach(deequ::add);
    long scanned = deequ.run();
    rows = Math.max(rows, scanned);
    KeyPlan plan = new KeyPlan();
    Map<Planned, Integer> items = new LinkedHashMap<>();
    Map<Planned, List<OrderWindow>> windows = new LinkedHashMap<>();
    Map<Integer, Integer> shown = new HashMap<>();
    Map<Planned, Observation> observations = new LinkedHashMap<>();
    for (Planned planned : group) {
      Observation observation = deequ.observation(planned);
      observations.put(planned, observation);
      int item = plan.items().size();
      if (planned.measure() instanceof Measure.OrderStatistics statistics) {
        windows.put(planned, windows(deequ, planned, statistics));
      }
      long unexpected =
          observation instanceof Observation.Counted counted ? counted.unexpected() : 0;
      if (planned.needsKeys() || unexpected > 0) {
        items.put(planned, item);
        shown.put(item, (int) Math.min(CheckResult.PARTIAL, unexpected));
        addKeys(plan, planned, Optional.ofNullable(windows.get(planned)));
      }
    }
    if (plan.isEmpty()) {
      return observations;
    }
    int[] wanted = new int[plan.items().size()];
    shown.forEach((item, count) -> wanted[item] = count);
    Map<Integer, KeyCounts> counts = new KeyScan(plan, data).run(scanned, wanted);
    items.forEach(
        (planned, item) ->
            observations.put(
                planned,
                new KeyObservations(columns, ids, counts)
                    .of(planned, item, observations.get(planned), windows.get(planned))));
    return observations;
  }

  private static List<OrderWindow> windows(
      DeequScan deequ, Planned planned, Measure.OrderStatistics statistics) {
    long values = deequ.values(planned, statistics);
    List<OrderWindow> windows = new ArrayList<>();
    if (values > 0) {
      for (double probability : statistics.probabilities()) {
        double[] around = OrderWindow.probabilities(probability, values, DeequScan.QUANTILE_ERROR);
        windows.add(
            new OrderWindow(
                probability, values, around, deequ.sketched(planned, statistics, around)));
      }
    }
    return windows;
  }

  /** Adds the items of an expectation: one, of quantiles one each. */
  private void addKeys(KeyPlan plan, Planned planned, Optional<List<OrderWindow>> windows) {
    plan.ids(ids.stream().map(KeyObservations::name).toList());
    if (planned.measure() instanceof Measure.Rows rows) {
      plan.add(
          DeequScan.unexpectedRow(planned, rows),
          rows.columns().stream().map(KeyObservations::name).toList(),
          null,
          KeyPlan.Use.SHOWN);
    } else if (planned.measure() instanceof Measure.Repeated repeated) {
      plan.add(
          planned.and("NOT (" + repeated.ignored() + ")"),
          repeated.columns().stream()
              .map(name -> KeyObservations.comparable(columns, name))
              .toList(),
          null,
          KeyPlan.Use.REPEATED);
    } else if (planned.measure() instanceof Measure.Distinct distinct) {
      plan.add(
          planned.and("(" + distinct.value() + ") IS NOT NULL"),
          List.of(KeyObservations.comparable(columns, distinct.column())),
          distinct.member(),
          KeyPlan.Use.COUNTED);
    } else if (planned.measure() instanceof Measure.OrderStatistics statistics) {
      String value = planned.ofRow(statistics.value());
      for (OrderWindow window : windows.orElse(List.of())) {
        plan.add(window.flag(value), List.of(window.key(value)), null, KeyPlan.Use.LISTED);
      }
    }
  }

  /** A JSON object of the ids of a row; of one column its text. */
  static String id(List<String> names, String[] texts) {
    if (names.size() == 1) {
      return String.valueOf(texts[0]);
    }
    Map<String, String> byName = new LinkedHashMap<>();
    for (int i = 0; i < texts.length; i++) {
      byName.put(names.get(i), texts[i]);
    }
    try {
      return new ObjectMapper().writeValueAsString(byName);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts can be written: " + Arrays.toString(texts), e);
    }
  }
}

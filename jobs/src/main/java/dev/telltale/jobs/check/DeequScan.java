package dev.telltale.jobs.check;

import com.amazon.deequ.analyzers.Analysis;
import com.amazon.deequ.analyzers.Analyzer;
import com.amazon.deequ.analyzers.ApproxQuantile;
import com.amazon.deequ.analyzers.ApproxQuantileState;
import com.amazon.deequ.analyzers.Completeness;
import com.amazon.deequ.analyzers.Compliance;
import com.amazon.deequ.analyzers.InMemoryStateProvider;
import com.amazon.deequ.analyzers.Mean;
import com.amazon.deequ.analyzers.MeanState;
import com.amazon.deequ.analyzers.NumMatches;
import com.amazon.deequ.analyzers.NumMatchesAndCount;
import com.amazon.deequ.analyzers.Range;
import com.amazon.deequ.analyzers.RangeState;
import com.amazon.deequ.analyzers.Size;
import com.amazon.deequ.analyzers.StandardDeviation;
import com.amazon.deequ.analyzers.StandardDeviationState;
import com.amazon.deequ.analyzers.State;
import com.amazon.deequ.analyzers.Sum;
import com.amazon.deequ.analyzers.SumState;
import com.amazon.deequ.analyzers.runners.AnalysisRunner$;
import com.amazon.deequ.analyzers.runners.AnalyzerContext;
import com.amazon.deequ.metrics.Metric;
import dev.telltale.check.Measure;
import dev.telltale.check.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import scala.Option;
import scala.collection.JavaConverters;

/**
 * One scan of a table through Deequ: everything that its analyzers measure in a shared aggregation.
 *
 * <p>Deequ is given a selection of truth values and doubles that is prepared here, and states are
 * read instead of metrics. So counts are exact, no analyzer ever sees a decimal or a timestamp, a
 * column is read once however many conditions are on it, and Deequ, which prunes no columns where
 * an analyzer has a condition, has nothing to prune. The smallest and largest value are those of
 * {@link Range}: its own {@code Minimum} and {@code Maximum} are a dozen times slower.
 */
final class DeequScan {
  /** Quantiles are exact; the sketch only says between which values to look for them. */
  static final double QUANTILE_ERROR = 0.0005;

  private static final Size SIZE = new Size(Option.empty());

  private final Dataset<Row> data;
  private final Map<String, String> prepared = new LinkedHashMap<>();
  private final Set<Object> analyzers = new LinkedHashSet<>();
  private final InMemoryStateProvider states = new InMemoryStateProvider();

  /**
   * A scan.
   *
   * @param data the rows that are checked
   */
  DeequScan(Dataset<Row> data) {
    this.data = data;
    analyzers.add(SIZE);
  }

  /** Adds what an expectation needs. */
  void add(Planned planned) {
    of(planned).forEach(analyzers::add);
  }

  private List<Object> of(Planned planned) {
    List<Object> needed = new ArrayList<>();
    if (planned.measure() instanceof Measure.Rows rows) {
      needed.addAll(counts(planned, rows.ignored()));
      needed.add(unexpected(planned, rows));
    } else if (planned.measure() instanceof Measure.Repeated repeated) {
      needed.addAll(counts(planned, repeated.ignored()));
    } else if (planned.measure() instanceof Measure.Count count) {
      needed.addAll(counts(planned, count.ignored()));
    } else if (planned.measure() instanceof Measure.Aggregate aggregate) {
      needed.add(of(planned, aggregate));
    } else if (planned.measure() instanceof Measure.OrderStatistics statistics) {
      needed.add(sketch(planned, statistics));
      needed.add(
          new Completeness(
              column(planned.ofRow(statistics.value())), Option.empty(), Option.empty()));
    }
    return needed;
  }

  private List<Object> counts(Planned planned, String ignored) {
    List<Object> counts = new ArrayList<>();
    if (!planned.row().equals(Planned.EVERY)) {
      counts.add(holds(planned.row()));
    }
    if (!ignored.equals(Measure.NOTHING)) {
      counts.add(holds(planned.and(ignored)));
    }
    return counts;
  }

  private Compliance unexpected(Planned planned, Measure.Rows rows) {
    return holds(unexpectedRow(planned, rows));
  }

  /** SQL condition: a row is looked at, not missing and should not be. */
  static String unexpectedRow(Planned planned, Measure.Rows rows) {
    return rows.ignored().equals(Measure.NOTHING)
        ? planned.and(rows.unexpected())
        : planned.and("NOT (" + rows.ignored() + ")", rows.unexpected());
  }

  private Object of(Planned planned, Measure.Aggregate aggregate) {
    String column = column(planned.ofRow(aggregate.value()));
    return switch (aggregate.statistic()) {
      case MEAN -> new Mean(column, Option.empty());
      case SUM -> new Sum(column, Option.empty());
      case STDEV -> new StandardDeviation(column, Option.empty());
      case MIN, MAX -> new Range(column, Option.empty());
    };
  }

  private ApproxQuantile sketch(Planned planned, Measure.OrderStatistics statistics) {
    return new ApproxQuantile(
        column(planned.ofRow(statistics.value())), 0.5, QUANTILE_ERROR, Option.empty());
  }

  private Compliance holds(String condition) {
    String column = column("coalesce(" + condition + ", false)");
    return new Compliance(
        column,
        column,
        Option.empty(),
        scala.collection.immutable.List$.MODULE$.empty(),
        Option.empty());
  }

  /** The name of a prepared column; equal texts are one column. */
  private String column(String sql) {
    return prepared.computeIfAbsent(sql, absent -> "c" + prepared.size());
  }

  /**
   * Scans.
   *
   * @return rows
   * @throws RuntimeException where Spark fails, whichever analyzer is to blame
   */
  long run() {
    Dataset<Row> selected = selection();
    List<Analyzer<?, Metric<?>>> all = new ArrayList<>();
    analyzers.forEach(analyzer -> all.add(cast(analyzer)));
    AnalyzerContext context =
        AnalysisRunner$.MODULE$.run(
            selected,
            new Analysis(JavaConverters.asScalaBuffer(all).toSeq()),
            Option.empty(),
            Option.apply(states),
            StorageLevel.NONE());
    Optional<NumMatches> size = state(SIZE);
    if (size.isEmpty()) {
      Throwable failure = context.metric(cast(SIZE)).get().value().failed().get();
      throw new IllegalStateException(failure.getMessage(), failure);
    }
    return size.get().numMatches();
  }

  /** The prepared columns: Spark looks their names up here, before anything runs. */
  Dataset<Row> selection() {
    List<Column> columns = new ArrayList<>();
    prepared.forEach((sql, name) -> columns.add(functions.expr(sql).as(name)));
    return data.select(columns.toArray(Column[]::new));
  }

  @SuppressWarnings("unchecked")
  private static Analyzer<?, Metric<?>> cast(Object analyzer) {
    return (Analyzer<?, Metric<?>>) analyzer;
  }

  @SuppressWarnings("unchecked")
  private <S extends State<?>> Optional<S> state(Object analyzer) {
    Option<S> state = states.load((Analyzer<S, ?>) analyzer);
    return state.isDefined() ? Optional.of(state.get()) : Optional.empty();
  }

  /** What was measured for an expectation; of {@link Measure.Repeated} without what is repeated. */
  Observation observation(Planned planned) {
    if (planned.measure() instanceof Measure.Rows rows) {
      return new Observation.Counted(
          elements(planned),
          missing(planned, rows.ignored()),
          matches(unexpected(planned, rows)),
          List.of(),
          List.of());
    }
    if (planned.measure() instanceof Measure.Repeated repeated) {
      return new Observation.Counted(
          elements(planned), missing(planned, repeated.ignored()), 0, List.of(), List.of());
    }
    if (planned.measure() instanceof Measure.Count count) {
      return new Observation.Counted(
          elements(planned), missing(planned, count.ignored()), 0, List.of(), List.of());
    }
    if (planned.measure() instanceof Measure.Aggregate aggregate) {
      return new Observation.Figure(figure(of(planned, aggregate), aggregate.statistic()));
    }
    return new Observation.Nothing();
  }

  private long elements(Planned planned) {
    return planned.row().equals(Planned.EVERY)
        ? this.<NumMatches>state(SIZE).orElseThrow().numMatches()
        : matches(holds(planned.row()));
  }

  private long missing(Planned planned, String ignored) {
    return ignored.equals(Measure.NOTHING) ? 0 : matches(holds(planned.and(ignored)));
  }

  /** Of no rows Deequ has no state. */
  private long matches(Object analyzer) {
    return this.<NumMatchesAndCount>state(analyzer).map(NumMatchesAndCount::numMatches).orElse(0L);
  }

  private OptionalDouble figure(Object analyzer, Measure.Statistic statistic) {
    Optional<Double> value =
        switch (statistic) {
          case MEAN -> this.<MeanState>state(analyzer).map(state -> state.sum() / state.count());
          case SUM -> this.<SumState>state(analyzer).map(SumState::sum);
          // Deequ's own metric is that of the population; Great Expectations' is that of a sample.
          case STDEV ->
              this.<StandardDeviationState>state(analyzer)
                  .filter(state -> state.n() > 1)
                  .map(state -> Math.sqrt(state.m2() / (state.n() - 1)));
          case MIN -> this.<RangeState>state(analyzer).map(RangeState::minValue);
          case MAX -> this.<RangeState>state(analyzer).map(RangeState::maxValue);
        };
    return value.filter(number -> !number.isNaN()).isPresent()
        ? OptionalDouble.of(value.get())
        : OptionalDouble.empty();
  }

  /** Values that are not missing. */
  long values(Planned planned, Measure.OrderStatistics statistics) {
    return matches(
        new Completeness(
            column(planned.ofRow(statistics.value())), Option.empty(), Option.empty()));
  }

  /** About the quantiles of these probabilities; none of no values. */
  double[] sketched(Planned planned, Measure.OrderStatistics statistics, double[] probabilities) {
    return this.<ApproxQuantileState>state(sketch(planned, statistics))
        .map(state -> state.percentileDigest().getPercentiles(probabilities))
        .map(
            found ->
                JavaConverters.seqAsJavaList(found).stream()
                    .mapToDouble(value -> (Double) value)
                    .toArray())
        .orElse(new double[0]);
  }
}

package dev.telltale.jobs.evaluate;

import static dev.telltale.jobs.engine.OutcomeColumns.column;

import dev.telltale.error.Errors;
import dev.telltale.error.NearestName;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.engine.GroupPlan;
import dev.telltale.jobs.engine.OutcomeColumns;
import dev.telltale.jobs.engine.QualityPass;
import dev.telltale.jobs.engine.QualityPlan;
import dev.telltale.jobs.engine.SlicePlan;
import dev.telltale.jobs.engine.SliceValues;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.DataPath;
import dev.telltale.quality.ConfusionCell;
import dev.telltale.quality.Estimate;
import dev.telltale.quality.MetricOptions;
import dev.telltale.quality.QualityState;
import dev.telltale.quality.StateOptions;
import dev.telltale.quality.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * The quality metrics of one data set with labels, with the states and formulas of the nightly
 * jobs. Up to {@value #EXACT_SCORES} distinct scores everything is that of the raw rows.
 */
public final class EvaluateJob {
  /** Distinct scores up to which everything is exact. */
  public static final int EXACT_SCORES = 100_000;

  private final EvaluateSpec spec;
  private final Progress progress;

  /** An evaluation that says how far it is. */
  public EvaluateJob(EvaluateSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param task the task
   * @param rows rows of the data
   * @param labelled rows with a label
   * @param metrics metrics of all rows, by name
   * @param segments metrics of each segment
   * @param confusion pairs of truth and answer
   * @param problems what is wrong with some rows, or keeps a metric from being defined
   */
  public record Result(
      Task task,
      long rows,
      long labelled,
      Map<String, Estimate> metrics,
      List<Segment> segments,
      List<ConfusionCell> confusion,
      List<String> problems) {}

  /**
   * One segment.
   *
   * @param key column
   * @param value value, {@code :other} or {@code :null}
   * @param rows rows with a label
   * @param metrics metrics by name
   */
  public record Segment(String key, String value, long rows, Map<String, Estimate> metrics) {}

  /**
   * Runs the evaluation.
   *
   * @throws dev.telltale.error.TelltaleException if the data cannot be read, is empty or has no
   *     label (exit 3), or a column cannot be what it was said to be (exit 2)
   */
  public Result run(SparkSession spark) {
    progress.started("reading " + spec.data(), 0, 3);
    Dataset<Row> data = DataPath.read(spark, spec.data());
    check(data);
    TaskGuess guess = TaskGuess.of(data, spec);
    if (guess.rows() == 0) {
      throw Errors.noData(spec.data(), "It has no rows.");
    }
    progress.started("finding the segments", 1, 3);
    List<SlicePlan> slices =
        spec.segments().stream()
            .map(name -> SliceValues.mostFrequent(data, List.of(name), spec.maxSegmentValues()))
            .toList();
    progress.started("evaluating", 2, 3);
    QualityPlan plan =
        new QualityPlan(
            GroupPlan.whole(slices),
            guess.task(),
            new StateOptions(EXACT_SCORES, guess.origin(), Double.NaN));
    try (QualityPass pass = QualityPass.over(spark, columns(data, guess.task()), plan)) {
      return result(guess, pass.collect());
    }
  }

  private void check(Dataset<Row> data) {
    List<String> names = Arrays.asList(data.columns());
    Stream.of(
            Stream.of(spec.label(), spec.prediction()),
            spec.score().stream(),
            spec.weight().stream(),
            spec.segments().stream())
        .flatMap(stream -> stream)
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw Errors.noSuchColumn(
                  name, NearestName.hint(name, names), spec.data(), String.join(", ", names));
            });
    for (String name : Stream.concat(spec.score().stream(), spec.weight().stream()).toList()) {
      if (!(data.schema().apply(name).dataType()
          instanceof org.apache.spark.sql.types.NumericType)) {
        throw Errors.usage(
            "Column " + name + " is no number.",
            "It is of type " + data.schema().apply(name).dataType().simpleString() + ".",
            "A score is a probability in 0 to 1, a weight a number that is not negative.");
      }
    }
  }

  private Dataset<Row> columns(Dataset<Row> data, Task task) {
    OutcomeColumns outcomes = new OutcomeColumns(task, spec.positive());
    Column none = functions.lit(null);
    List<Column> columns = new ArrayList<>();
    columns.add(outcomes.value(spec.prediction(), data.schema()).as(QualityPlan.PREDICTION_VALUE));
    columns.add(OutcomeColumns.text(spec.prediction(), data.schema()).as(QualityPlan.PREDICTION));
    columns.add(outcomes.value(spec.label(), data.schema()).as(QualityPlan.LABEL_VALUE));
    columns.add(OutcomeColumns.text(spec.label(), data.schema()).as(QualityPlan.LABEL));
    columns.add(
        spec.score().map(OutcomeColumns::column).orElse(none).cast("double").as(QualityPlan.SCORE));
    columns.add(
        spec.weight()
            .map(OutcomeColumns::column)
            .orElse(none)
            .cast("double")
            .as(QualityPlan.WEIGHT));
    columns.add(none.cast("timestamp").as(QualityPlan.LABEL_TS));
    columns.add(none.cast("long").as(QualityPlan.LABEL_DELAY_MICROS));
    for (String segment : spec.segments()) {
      columns.add(column(segment));
    }
    return data.select(columns.toArray(Column[]::new));
  }

  private Result result(TaskGuess guess, List<Tuple2<StateKey, byte[]>> states) {
    QualityState whole = null;
    List<Segment> segments = new ArrayList<>();
    for (Tuple2<StateKey, byte[]> entry : states) {
      QualityState state = QualityState.read(entry._2);
      if (entry._1.sliceKey() == null) {
        whole = state;
      } else {
        segments.add(
            new Segment(
                entry._1.sliceKey(),
                entry._1.sliceValue(),
                state.labelled().rows(),
                state.metrics(MetricOptions.DEFAULTS)));
      }
    }
    segments.sort(
        Comparator.comparing((Segment segment) -> spec.segments().indexOf(segment.key()))
            .thenComparing(Comparator.comparing(Segment::rows).reversed())
            .thenComparing(Segment::value));
    if (whole == null || whole.labelled().rows() == 0) {
      throw Errors.noData(spec.data(), "No row has a label in column " + spec.label() + ".");
    }
    return new Result(
        guess.task(),
        guess.rows(),
        whole.labelled().rows(),
        whole.metrics(MetricOptions.DEFAULTS),
        List.copyOf(segments),
        whole.confusion(),
        problems(whole, guess));
  }

  private List<String> problems(QualityState whole, TaskGuess guess) {
    List<String> problems = new ArrayList<>();
    long unlabelled = guess.rows() - whole.labelled().rows();
    if (unlabelled > 0) {
      problems.add(format("%,d of %,d rows have no label.", unlabelled, guess.rows()));
    }
    if (whole.unusable() > 0) {
      problems.add(
          format(
              "%,d of %,d rows have a label or a prediction that a %s model cannot have; they are"
                  + " left out.",
              whole.unusable(), guess.rows(), guess.task().name().toLowerCase(Locale.ROOT)));
    }
    if (whole.unusableScores() > 0) {
      problems.add(
          format(
              "%,d of %,d scores are outside 0 to 1; these rows are left out of what needs a score.",
              whole.unusableScores(), guess.rows()));
    }
    if (guess.task() == Task.BINARY) {
      long positives =
          whole.confusion().stream()
              .filter(cell -> cell.label().equals("true"))
              .mapToLong(cell -> cell.mass().rows())
              .sum();
      long all = whole.confusion().stream().mapToLong(cell -> cell.mass().rows()).sum();
      if (positives == 0 || positives == all) {
        problems.add(
            "Every label is "
                + (positives == 0 ? "negative" : "positive")
                + ": what compares two classes is not defined.");
      }
    }
    return List.copyOf(problems);
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}

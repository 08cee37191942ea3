package dev.telltale.jobs.quality;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.finding.Finding;
import dev.telltale.finding.FindingStatus;
import dev.telltale.finding.Kind;
import dev.telltale.finding.Severity;
import dev.telltale.finding.Subject;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.quality.EstimateComparison;
import dev.telltale.quality.MetricKind;
import dev.telltale.quality.QualityJudge;
import dev.telltale.quality.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Compares the metrics of one window with training and the previous version, as one family. */
final class WindowComparisons {
  /** Compared with the model's metrics on its baseline. */
  static final String TRAINING = "TRAINING";

  /** Compared with the version before. */
  static final String PREVIOUS_VERSION = "PREVIOUS_VERSION";

  private static final StructType SCHEMA = Tables.QUALITY_COMPARISONS.schema();

  /** So many times the difference that matters is critical. */
  private static final double CRITICAL = 2;

  private final ModelConfig model;
  private final Granularity granularity;
  private final Training training;
  private final String runId;
  private final Instant computedAt;
  private final QualityJudge judge;

  WindowComparisons(
      ModelConfig model,
      Granularity granularity,
      Training training,
      String runId,
      Instant computedAt) {
    this.model = model;
    this.granularity = granularity;
    this.training = training;
    this.runId = runId;
    this.computedAt = computedAt;
    this.judge = new QualityJudge(QualityJob.policy(model));
  }

  /**
   * What came of a window.
   *
   * @param rows rows of {@code quality_comparisons}
   * @param findings what is wrong, and what cannot be said although it was wrong before
   */
  record Judged(List<Row> rows, List<Finding> findings) {}

  /** A pair and what it is about. */
  private record Candidate(
      MetricTable.Group group, String with, String referenceVersion, QualityJudge.Pair pair) {}

  Judged judge(
      Instant start, MetricTable table, MetricTable preceding, Map<String, Finding> before) {
    String source = model.truth().map(truth -> truth.name()).orElse("");
    List<Candidate> candidates = new ArrayList<>();
    boolean mature = true;
    for (MetricTable.Group group : table.groups()) {
      if (!group.source().equals(source)) {
        continue;
      }
      mature &=
          table.metric(group, QualityRows.COVERAGE).map(MetricTable.Entry::mature).orElse(true);
      if (group.modelVersion() == null) {
        training
            .metrics()
            .ifPresent(
                metrics ->
                    add(
                        candidates,
                        group,
                        table,
                        group.in(SourcePlan.TRAINING, null),
                        metrics,
                        TRAINING,
                        "in training"));
      } else {
        reference(group, table, preceding)
            .ifPresent(
                other ->
                    add(
                        candidates,
                        group,
                        table,
                        group.in(source, other.version()),
                        other.table(),
                        PREVIOUS_VERSION,
                        "for version " + other.version()));
      }
    }
    List<QualityJudge.Judged> judged =
        judge.judge(candidates.stream().map(Candidate::pair).toList());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      rows.add(row(start, candidates.get(i), judged.get(i), mature));
    }
    return new Judged(
        rows, mature ? findings(start, candidates, judged, before) : unknown(start, before));
  }

  private void add(
      List<Candidate> candidates,
      MetricTable.Group group,
      MetricTable table,
      MetricTable.Group reference,
      MetricTable referenceTable,
      String with,
      String words) {
    for (String metric : metrics(table, group)) {
      Optional<MetricTable.Entry> current = table.metric(group, metric);
      Optional<MetricTable.Entry> other = referenceTable.metric(reference, metric);
      if (current.isPresent() && other.isPresent()) {
        candidates.add(
            new Candidate(
                group,
                with,
                reference.modelVersion(),
                new QualityJudge.Pair(
                    metric,
                    current.get().estimate(),
                    other.get().estimate(),
                    table.labels(group),
                    referenceTable.labels(reference),
                    words)));
      }
    }
  }

  /** The metrics that were declared, or those of the task that the window shows to be there. */
  private List<String> metrics(MetricTable table, MetricTable.Group group) {
    if (!model.quality().metrics().isEmpty()) {
      return model.quality().metrics();
    }
    Task task =
        model.predictions().group().isPresent()
            ? Task.RANKING
            : table.metric(group, "mae").isPresent()
                ? Task.REGRESSION
                : table.metric(group, "f1_macro").isPresent() ? Task.MULTICLASS : Task.BINARY;
    return MetricKind.judged(task, model.quality().cutoffs());
  }

  /** A version and where its metrics are. */
  private record Reference(String version, MetricTable table) {}

  /**
   * What a version is compared with: a version that is live beside it and was there before it;
   * else, where it is new, the version of the window before. Of two that were both there before,
   * the one with the greater name is taken for the newer.
   */
  private static Optional<Reference> reference(
      MetricTable.Group group, MetricTable table, MetricTable preceding) {
    String version = group.modelVersion();
    NavigableSet<String> now = versions(table, group.source());
    NavigableSet<String> then =
        preceding == null ? new TreeSet<>() : versions(preceding, group.source());
    boolean isNew = !then.contains(version);
    for (String other : now) {
      boolean isOlder = then.contains(other) == isNew ? isNew : other.compareTo(version) < 0;
      if (!other.equals(version) && isOlder) {
        return Optional.of(new Reference(other, table));
      }
    }
    return isNew && now.size() == 1 && !then.isEmpty()
        ? Optional.of(new Reference(then.last(), preceding))
        : Optional.empty();
  }

  private static NavigableSet<String> versions(MetricTable table, String source) {
    return table.groups().stream()
        .filter(group -> group.source().equals(source) && group.modelVersion() != null)
        .map(MetricTable.Group::modelVersion)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Row row(Instant start, Candidate candidate, QualityJudge.Judged judged, boolean mature) {
    Optional<EstimateComparison> comparison = judged.comparison();
    return new TableRow(SCHEMA)
        .window(start, granularity.next(start))
        .set("granularity", granularity.label())
        .set("model_id", model.model())
        .set("model_version", candidate.group().modelVersion())
        .set("slice_key", candidate.group().sliceKey())
        .set("slice_value", candidate.group().sliceValue())
        .set("run_id", runId)
        .set("computed_at", computedAt)
        .set("source", candidate.group().source())
        .set("compared_with", candidate.with())
        .set("reference_version", candidate.referenceVersion())
        .set("metric", candidate.pair().metric())
        .set("value", candidate.pair().current().value())
        .set("reference_value", candidate.pair().reference().value())
        .set("difference", comparison.map(EstimateComparison::difference))
        .set("std_error", comparison.map(EstimateComparison::stdError))
        .set("ci_low", comparison.map(EstimateComparison::low))
        .set("ci_high", comparison.map(EstimateComparison::high))
        .set("p_value", comparison.map(EstimateComparison::pValue))
        .set("p_value_adjusted", comparison.map(some -> judged.pValueAdjusted()))
        .set("family_size", judged.familySize())
        .set("threshold", judged.threshold())
        .set("status", judged.status().name())
        .set("mature", mature)
        .set("because", judged.because())
        .build();
  }

  private List<Finding> findings(
      Instant start,
      List<Candidate> candidates,
      List<QualityJudge.Judged> judged,
      Map<String, Finding> before) {
    Map<String, Severity> ofAll = new HashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).group().isWhole()
          && judged.get(i).status() == QualityJudge.Status.DEGRADED) {
        ofAll.put(fact(candidates.get(i)), severity(judged.get(i)));
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      QualityJudge.Judged one = judged.get(i);
      Subject subject = subject(candidate);
      boolean insufficient = one.status() == QualityJudge.Status.INSUFFICIENT_DATA;
      // Of small slices only what was in question the window before is said to be unknown now.
      if (one.status() != QualityJudge.Status.DEGRADED
          && !(insufficient && before.containsKey(subject.key()))) {
        continue;
      }
      Severity severity = insufficient ? Severity.INFO : severity(one);
      Severity whole = candidate.group().isWhole() ? null : ofAll.get(fact(candidate));
      // What is true of all rows is said once; a slice is news where it is worse.
      boolean said = !insufficient && whole != null && whole.atLeast(severity);
      findings.add(
          finding(
              start,
              subject,
              difference(one),
              OptionalDouble.of(one.threshold()),
              insufficient ? OptionalDouble.empty() : OptionalDouble.of(one.pValueAdjusted()),
              said ? Severity.INFO : severity,
              insufficient ? FindingStatus.INSUFFICIENT_DATA : FindingStatus.FIRING,
              one.because() + (said ? " So it is for all rows." : ""),
              before));
    }
    return findings;
  }

  /** What crossed the threshold is the difference, not the metric. */
  private static OptionalDouble difference(QualityJudge.Judged judged) {
    return judged.comparison().isPresent()
        ? OptionalDouble.of(judged.comparison().get().difference())
        : OptionalDouble.empty();
  }

  private static String fact(Candidate candidate) {
    return candidate.with()
        + " "
        + candidate.group().modelVersion()
        + " "
        + candidate.pair().metric();
  }

  private static Severity severity(QualityJudge.Judged judged) {
    return judged.severity() >= CRITICAL ? Severity.CRITICAL : Severity.WARNING;
  }

  /** What was in question before cannot be said yet: the labels of the window are awaited. */
  private List<Finding> unknown(Instant start, Map<String, Finding> before) {
    List<Finding> findings = new ArrayList<>();
    for (Finding earlier : before.values()) {
      findings.add(
          finding(
              start,
              earlier.subject(),
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              Severity.INFO,
              FindingStatus.INSUFFICIENT_DATA,
              "The labels of this window are still awaited.",
              before));
    }
    return findings;
  }

  private Subject subject(Candidate candidate) {
    return new Subject(
        model.model(),
        Optional.ofNullable(candidate.group().modelVersion()),
        Optional.ofNullable(candidate.group().sliceKey()),
        Optional.ofNullable(candidate.group().sliceValue()),
        Subject.TABLE,
        Kind.QUALITY,
        Optional.of(candidate.with()),
        candidate.pair().metric());
  }

  private Finding finding(
      Instant start,
      Subject subject,
      OptionalDouble value,
      OptionalDouble threshold,
      OptionalDouble pValueAdjusted,
      Severity severity,
      FindingStatus status,
      String because,
      Map<String, Finding> before) {
    Finding earlier = before.get(subject.key());
    boolean goesOn = earlier != null && earlier.status() == status;
    return new Finding(
        subject,
        QualityJob.NAME,
        granularity,
        start,
        granularity.next(start),
        value,
        threshold,
        pValueAdjusted,
        severity,
        status,
        goesOn ? earlier.firstSeen() : start,
        because);
  }
}

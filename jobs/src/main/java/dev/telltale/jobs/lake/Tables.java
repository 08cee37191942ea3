package dev.telltale.jobs.lake;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/**
 * Every result table: name, columns with comments, partitioning and constraints. The schema here is
 * the one constant that {@code init}, the writers, the readers and the documentation share.
 */
public enum Tables {
  SAMPLING_VOLUMES(
      "sampling_volumes",
      "How much of the telemetry of a day and stratum is kept, at which rate, and what it costs.",
      Keys.WINDOW
          + """
          stratum STRING COMMENT 'Values of the columns under sampling.strata; null = all rows of the day',
          rows BIGINT COMMENT 'Rows of the telemetry with an id',
          rows_whole BIGINT COMMENT 'Of them, rows that a condition under sampling.whole keeps for certain',
          rows_kept BIGINT COMMENT 'Rows of the sample, those kept for certain among them',
          rate DOUBLE COMMENT 'Probability with which any other row is kept; null for the day, where strata differ',
          weight_kept DOUBLE COMMENT 'Sum of the inclusion weights of rows_kept: an estimate of rows, or of their own weights',
          bytes BIGINT COMMENT 'On the row of the day: bytes that its rows have in the telemetry, as the average of the files that they are in',
          bytes_kept BIGINT COMMENT 'On the row of the day: bytes of its files of the sample',
          cost DOUBLE COMMENT 'Cost of keeping rows, in the currency of sampling.cost-per-million-rows; null without it',
          cost_kept DOUBLE COMMENT 'Cost of keeping rows_kept',
          because STRING COMMENT 'In one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  SAMPLING_PLAN(
      "sampling_plan",
      "The rate of each stratum on the day of the window, as the night before it decides.",
      Keys.WINDOW
          + """
          stratum STRING COMMENT 'Values of the columns under sampling.strata; null = any stratum that is not named',
          rate DOUBLE COMMENT 'Probability with which a row is kept that is not kept for certain',
          expected_rows DOUBLE COMMENT 'Rows of the stratum that are expected to be kept, if the day is like the one before; of the null stratum those of all',
          expected_cost DOUBLE COMMENT 'Cost of keeping them, in the currency of sampling.cost-per-million-rows; null without it',
          error_rate DOUBLE COMMENT 'Share of mistakes among the labels of the last days, drawn to that of all strata; null where no mistakes are known',
          labels DOUBLE COMMENT 'Labels that it rests on',
          reasons ARRAY<STRING> COMMENT 'Why it gets more than its size and error rate ask for: ALERT, NEW, WEAK',
          because STRING COMMENT 'In one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of("rate > 0 AND rate <= 1")),
  CLOCK_QUARANTINE(
      "clock_quarantine",
      "Rows of the telemetry that were uploaded on a day and whose event time cannot be: they are in no window.",
      Keys.WINDOW
          + """
          reason STRING COMMENT 'FUTURE = made after the upload; TOO_OLD = longer before it than is believed; MISSING = without an event time',
          rows BIGINT COMMENT 'Rows uploaded on the day; without predictions.upload-time those of the whole log at that time',
          new_rows BIGINT COMMENT 'On the row of all versions: rows that the day before did not have, which a finding is about',
          first_event_ts TIMESTAMP COMMENT 'Smallest event time',
          last_event_ts TIMESTAMP COMMENT 'Largest event time',
          example_ids ARRAY<STRING> COMMENT 'Up to 20 ids, the smallest',
          because STRING COMMENT 'In one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of("rows > 0")),
  PROFILE_STATES(
      "profile_states",
      "Mergeable state of one column in one window and slice; every later number is computed from it.",
      Keys.WINDOW
          + """
          column_name STRING COMMENT 'Column of the telemetry; :table = the whole row',
          column_kind STRING COMMENT 'NUMERIC, CATEGORICAL, TIMESTAMP, TABLE, or not summarised: SKIPPED, LOST, GAINED, RETYPED',
          data_type STRING COMMENT 'Type of the column in the source, as Spark prints it',
          baseline_id STRING COMMENT 'The baseline whose values anchor this state; states merge only within one baseline',
          state_version INT COMMENT 'Version of the binary format',
          state BINARY COMMENT 'The state itself; null for a skipped column',
          anchors BINARY COMMENT 'On the rows of a baseline: the values of the baseline that all states of the column are kept on'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  PROFILE_METRICS(
      "profile_metrics",
      "Summary statistics of one column in one window and slice.",
      Keys.WINDOW
          + """
          column_name STRING COMMENT 'Column of the telemetry; :table = the whole row',
          column_kind STRING COMMENT 'NUMERIC, CATEGORICAL, TIMESTAMP, TABLE, or not summarised: SKIPPED, LOST, GAINED, RETYPED',
          data_type STRING COMMENT 'Type of the column in the source, as Spark prints it',
          baseline_id STRING COMMENT 'The baseline that the window is compared with',
          count BIGINT COMMENT 'Rows; of a sample those that its rows stand for, here and in all counts but num_duplicate_ids',
          num_nulls BIGINT COMMENT 'Rows where the column is null',
          num_nan BIGINT COMMENT 'Rows where the column is NaN',
          num_negative_infinity BIGINT COMMENT 'Rows where the column is negative infinity',
          num_positive_infinity BIGINT COMMENT 'Rows where the column is positive infinity',
          num_zeros BIGINT COMMENT 'Rows where the column is zero',
          percent_null DOUBLE COMMENT 'Share of null rows, 0 to 100',
          min DOUBLE COMMENT 'Smallest finite value; timestamps in seconds since 1970',
          max DOUBLE COMMENT 'Largest finite value; timestamps in seconds since 1970',
          avg DOUBLE COMMENT 'Mean of the finite values',
          stddev DOUBLE COMMENT 'Sample standard deviation of the finite values',
          skewness DOUBLE COMMENT 'Skewness of the finite values',
          kurtosis DOUBLE COMMENT 'Excess kurtosis of the finite values',
          quantiles ARRAY<STRUCT<probability: DOUBLE, value: DOUBLE>> COMMENT 'Quantiles of the finite values',
          quantile_rank_error DOUBLE COMMENT 'The rank of a quantile is off by at most this share with 99 % probability; 0 = exact',
          distinct_count DOUBLE COMMENT 'Distinct values of a categorical column, estimated beyond the exact cap',
          distinct_is_exact BOOLEAN COMMENT 'Whether distinct_count is exact',
          frequent_items ARRAY<STRUCT<item: STRING, count: BIGINT>> COMMENT 'Most frequent values of a categorical column',
          frequent_items_error BIGINT COMMENT 'A count in frequent_items is off by at most this; 0 = exact',
          num_unseen BIGINT COMMENT 'Rows whose category the baseline does not have',
          min_length INT COMMENT 'Shortest text, in characters',
          max_length INT COMMENT 'Longest text, in characters',
          effective_rows DOUBLE COMMENT 'Unweighted rows that tell as much: count without inclusion weights',
          num_duplicate_ids BIGINT COMMENT 'On :table rows of everything: rows beyond the first with the same id',
          last_value_change TIMESTAMP COMMENT 'Start of the first window of the present run of equal constant values; null while the column varies'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of("count IS NULL OR count >= 0", "num_nulls IS NULL OR num_nulls >= 0")),
  DRIFT_METRICS(
      "drift_metrics",
      "One distance or test of one column in one window and slice, against the baseline or the previous window.",
      Keys.WINDOW
          + """
          column_name STRING COMMENT 'Column of the telemetry; :table = the whole row',
          drift_type STRING COMMENT 'BASELINE or CONSECUTIVE',
          window_cmp_start TIMESTAMP COMMENT 'Start of the window compared with; null for the baseline',
          metric STRING COMMENT 'ks, wasserstein, psi, js_distance, chi_squared ...',
          value DOUBLE COMMENT 'Value of the metric',
          p_value DOUBLE COMMENT 'Calibrated two-sample p-value, where the metric has one',
          p_value_adjusted DOUBLE COMMENT 'p_value corrected over the family of the run',
          family_size INT COMMENT 'Tests in the family',
          degrees_of_freedom DOUBLE COMMENT 'Of a chi-squared statistic',
          threshold DOUBLE COMMENT 'Materiality threshold, where the metric decides',
          n_reference BIGINT COMMENT 'Values on the reference side; of a sample as many as they are worth',
          n_current BIGINT COMMENT 'Values in this window; of a sample as many as they are worth',
          error_bound DOUBLE COMMENT 'The true value is within this of value; 0 = exact',
          status STRING COMMENT 'OK, DRIFT, INSUFFICIENT_DATA; null where the metric decides nothing',
          because STRING COMMENT 'Rule, value and threshold in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of(
          "p_value IS NULL OR (p_value >= 0 AND p_value <= 1)",
          "value IS NULL OR NOT isnan(value)")),
  LABELLED(
      "labelled",
      "One prediction as one feedback source sees it: what the model said and, once it is known, what was true.",
      // No keys but those of the partition: as long as the log, it is written and read every night.
      """
      granularity STRING COMMENT '1 day: rows are kept by day',
      window_date DATE COMMENT 'Day of the prediction',
      model_id STRING COMMENT 'Model',
      source STRING COMMENT 'Name of the feedback source',
      prediction_id STRING COMMENT 'Id of the prediction',
      event_ts TIMESTAMP COMMENT 'When the prediction was made',
      model_version STRING COMMENT 'Version of the model',
      prediction STRING COMMENT 'The answer, as text',
      prediction_value DOUBLE COMMENT 'The answer as a number: 0 or 1, a quantity, or a place; null for a class',
      score DOUBLE COMMENT 'Probability of yes or of the answer, if the model gives one; of a ranking what items are ordered by',
      group_id STRING COMMENT 'Of a ranking: the query that the item answers',
      quantiles MAP<DOUBLE, DOUBLE> COMMENT 'Predicted quantiles by level, if the model gives any',
      weight DOUBLE COMMENT 'Inclusion weight; null = 1',
      label STRING COMMENT 'The truth, as text; null = not known yet',
      label_value DOUBLE COMMENT 'The truth as a number: 0 or 1, a quantity, or a relevance; null for a class',
      label_ts TIMESTAMP COMMENT 'When the label in force arrived',
      label_delay_micros BIGINT COMMENT 'Microseconds from the prediction to its first label',
      label_count INT COMMENT 'Labels received; more than one = repeated or corrected',
      annotations MAP<STRING, STRING> COMMENT 'Of annotators: the newest label of each',
      slices MAP<STRING, STRING> COMMENT 'Values of the columns that slices are made of'
      """,
      List.of("window_date", "model_id", "granularity"),
      List.of(),
      // Read by day; the smallest and largest value of every column of every file help nobody.
      Map.of("delta.dataSkippingNumIndexedCols", "0")),
  QUALITY_STATES(
      "quality_states",
      "Mergeable state of predictions and their truth in one window and slice; every quality metric is computed from it.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source; training = the baseline',
          baseline_id STRING COMMENT 'On rows of training: which baseline, and a hash of what is measured',
          task STRING COMMENT 'BINARY, MULTICLASS, REGRESSION or RANKING; or of feedback that is no truth RATING, COMPLAINT or REACTION',
          state_version INT COMMENT 'Version of the binary format',
          state BINARY COMMENT 'The state itself'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  QUALITY_METRICS(
      "quality_metrics",
      "One metric of quality in one window and slice, as far as its labels are known; restated as they come.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source; training = the baseline',
          baseline_id STRING COMMENT 'On rows of training: which baseline, and a hash of what is measured',
          kind STRING COMMENT 'REALIZED = from labels; WEIGHTED = from labels, each weighted by how unlikely it was to be there; ESTIMATED = told without them, until the wait is over',
          metric STRING COMMENT 'accuracy, f1, roc_auc, mae, ndcg_at_10 ...; of WEIGHTED also effective_n, overlap, largest_imbalance_before and largest_imbalance_after',
          value DOUBLE COMMENT 'Value of the metric',
          std_error DOUBLE COMMENT 'Its standard error',
          ci_low DOUBLE COMMENT 'Lower end of its 95 % interval',
          ci_high DOUBLE COMMENT 'Upper end of its 95 % interval',
          n BIGINT COMMENT 'Rows that the value rests on; of a ranking queries',
          error_bound DOUBLE COMMENT 'The value of the rows themselves is within this of value; 0 = exact',
          label_coverage DOUBLE COMMENT 'Share of the predictions that have a label, 0 to 1',
          maturity DOUBLE COMMENT 'Share of the labels to be expected that have arrived, 0 to 1; 1 once the wait is over, null if nothing is known of delays yet',
          mature BOOLEAN COMMENT 'Whether the declared wait is over',
          as_of TIMESTAMP COMMENT 'Arrival of the newest label that the value rests on',
          status STRING COMMENT 'OK, IMMATURE or INSUFFICIENT_DATA; of an estimate OK or WITHHELD',
          because STRING COMMENT 'Why it is not OK, or what an estimate or a weighted value rests on, in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of("value IS NULL OR NOT isnan(value)")),
  QUALITY_COMPARISONS(
      "quality_comparisons",
      "One metric of quality in one window and slice, tested against training or the previous version.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source',
          compared_with STRING COMMENT 'TRAINING or PREVIOUS_VERSION',
          reference_version STRING COMMENT 'The version compared with; null for training',
          metric STRING COMMENT 'accuracy, f1, roc_auc, mae ...',
          value DOUBLE COMMENT 'Value in this window',
          reference_value DOUBLE COMMENT 'Value compared with',
          difference DOUBLE COMMENT 'value - reference_value; null with too little data',
          std_error DOUBLE COMMENT 'Standard error of the difference',
          ci_low DOUBLE COMMENT 'Lower end of the 95 % interval of the difference',
          ci_high DOUBLE COMMENT 'Upper end of the 95 % interval of the difference',
          p_value DOUBLE COMMENT 'Two-sided, of no difference',
          p_value_adjusted DOUBLE COMMENT 'Corrected over the family',
          family_size INT COMMENT 'Comparisons in the family',
          threshold DOUBLE COMMENT 'Difference that matters',
          status STRING COMMENT 'OK, DEGRADED, IMPROVED or INSUFFICIENT_DATA',
          mature BOOLEAN COMMENT 'Whether the declared wait of the window is over',
          because STRING COMMENT 'Rule, value and threshold in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  QUALITY_ESTIMATES(
      "quality_estimates",
      "One metric as it was estimated before labels, and what it later turned out to be: the record that an estimate is trusted by.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source whose labels are estimated',
          metric STRING COMMENT 'accuracy, f1, roc_auc, mae ...',
          estimate DOUBLE COMMENT 'Value estimated in the night of the window; never restated',
          std_error DOUBLE COMMENT 'Standard error of estimate - realized',
          std_error_of_labels DOUBLE COMMENT 'The part of it that is due to how labels fall and to the calibration; the rest is how much windows differ beyond that, by their record',
          ci_low DOUBLE COMMENT 'Lower end of the 95 % interval of what it will turn out to be',
          ci_high DOUBLE COMMENT 'Upper end of that interval',
          n BIGINT COMMENT 'Predictions that the estimate rests on',
          learned_from STRING COMMENT 'Labels that the estimate was learned from',
          realized DOUBLE COMMENT 'What it turned out to be; null until the wait is over',
          difference DOUBLE COMMENT 'estimate - realized',
          covered BOOLEAN COMMENT 'Whether realized is in the interval',
          record_windows INT COMMENT 'Earlier windows whose estimate can be checked, at most 28',
          record_covered INT COMMENT 'Those of them whose interval held',
          record_bias DOUBLE COMMENT 'Mean difference in them',
          withheld BOOLEAN COMMENT 'Whether the record was too bad to show the estimate',
          because STRING COMMENT 'Record and decision in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  QUALITY_SEGMENTS(
      "quality_segments",
      "Are mistakes uniform across populations? A measure in one slice against the same measure elsewhere; and of each slice key whether its slices differ at all.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source',
          metric STRING COMMENT 'error_rate, mae; of fairness selection_rate, recall, false_positive_rate, precision',
          fairness STRING COMMENT 'What equality of the metric is called: statistical parity, equal opportunity, predictive equality, predictive parity; null for mistakes',
          value DOUBLE COMMENT 'Value in the slice; null where slice_value is null',
          ci_low DOUBLE COMMENT 'Lower end of its 95 % interval',
          ci_high DOUBLE COMMENT 'Upper end of its 95 % interval',
          n BIGINT COMMENT 'Rows that the value rests on',
          pooled DOUBLE COMMENT 'The value drawn towards that of the other slices, the more the fewer rows it has: the better guess for small slices',
          elsewhere DOUBLE COMMENT 'Value of all other rows',
          difference DOUBLE COMMENT 'value - elsewhere',
          difference_low DOUBLE COMMENT 'Lower end of the 95 % interval of the difference',
          difference_high DOUBLE COMMENT 'Upper end of the 95 % interval of the difference',
          p_value DOUBLE COMMENT 'Of no difference; where slice_value is null, of no difference between any slices of the key',
          p_value_adjusted DOUBLE COMMENT 'Corrected over the slices or keys of the window',
          family_size INT COMMENT 'Tests in the family',
          threshold DOUBLE COMMENT 'Difference that matters',
          status STRING COMMENT 'DIFFERENT, OK or INSUFFICIENT_DATA',
          because STRING COMMENT 'Rule, value and threshold in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  WEAK_SLICES(
      "weak_slices",
      "Conjunctions of up to three conditions in which the model errs more than elsewhere, found in the labelled rows of the last weeks.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source',
          period_start TIMESTAMP COMMENT 'Start of the days that were searched; the window is the last of them',
          period_end TIMESTAMP COMMENT 'Their end, exclusive',
          rank INT COMMENT 'By excess loss times size, 1 = largest',
          slice STRING COMMENT 'The conditions in words',
          predicate STRING COMMENT 'The conditions as SQL over the prediction log',
          conditions INT COMMENT 'Number of conditions',
          loss STRING COMMENT 'What is lost: wrong answers, or absolute error',
          n BIGINT COMMENT 'Held-out rows in the slice; every second row is held out',
          mean_loss DOUBLE COMMENT 'Share of wrong answers, or mean absolute error, of these rows',
          mean_loss_elsewhere DOUBLE COMMENT 'The same of all other held-out rows',
          difference DOUBLE COMMENT 'mean_loss - mean_loss_elsewhere',
          std_error DOUBLE COMMENT 'Standard error of the difference',
          excess_loss DOUBLE COMMENT 'Loss of the n rows beyond what as many rows elsewhere have',
          p_value DOUBLE COMMENT 'One-sided, of no larger loss than elsewhere, from the held-out rows',
          p_value_adjusted DOUBLE COMMENT 'Corrected over the slices that were found',
          family_size INT COMMENT 'Slices that were found',
          status STRING COMMENT 'WEAK, or UNCONFIRMED by the held-out rows',
          because STRING COMMENT 'Slice, size and loss in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  QUALITY_CURVES(
      "quality_curves",
      "What single numbers do not show of one window and version: the confusion matrix and the reliability curve, as far as labels are known.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source',
          curve STRING COMMENT 'CONFUSION: a cell of the matrix; RELIABILITY: a tenth of the scores',
          label STRING COMMENT 'Of CONFUSION: the truth',
          prediction STRING COMMENT 'Of CONFUSION: the answer',
          score DOUBLE COMMENT 'Of RELIABILITY: mean score',
          value DOUBLE COMMENT 'Of CONFUSION: rows, with their inclusion weights; of RELIABILITY: share that is true, of several classes right',
          ci_low DOUBLE COMMENT 'Of RELIABILITY: lower end of its 95 % interval',
          ci_high DOUBLE COMMENT 'Upper end',
          n BIGINT COMMENT 'Rows'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  REGRESSION_SET(
      "regression_set",
      "Mistakes that a next version should not make: what retraining and the team's tests read.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source',
          prediction_id STRING COMMENT 'Id of the prediction',
          event_ts TIMESTAMP COMMENT 'When the prediction was made',
          inputs STRING COMMENT 'The columns of the prediction log that the baseline has, as a JSON object',
          prediction STRING COMMENT 'The answer, as text',
          score DOUBLE COMMENT 'Probability of yes or of the answer, if the model gives one',
          expected STRING COMMENT 'The truth, as text',
          loss DOUBLE COMMENT 'How sure a wrong answer was, 0 to 1, 1 without a score; or the absolute error',
          reasons ARRAY<STRING> COMMENT 'CONFIDENT (or LARGE, of an error) and the weak slices that it is in, in words',
          because STRING COMMENT 'Why it is here, in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  LABELLING_QUEUE(
      "labelling_queue",
      "Predictions that people should label next, each with the probability with which it was drawn.",
      Keys.WINDOW
          + """
          prediction_id STRING COMMENT 'Id of the prediction',
          event_ts TIMESTAMP COMMENT 'When the prediction was made',
          inputs STRING COMMENT 'The columns of the prediction log that the baseline has, as a JSON object',
          prediction STRING COMMENT 'The answer, as text',
          score DOUBLE COMMENT 'Probability of yes or of the answer, if the model gives one',
          priority DOUBLE COMMENT 'Sum of uncertainty, disagreement and weak slice, 0 to 1 each',
          reason STRING COMMENT 'What its probability is mostly due to: RANDOM, UNCERTAINTY, DISAGREEMENT, WEAK_SLICE',
          inclusion_probability DOUBLE COMMENT 'Probability with which it was drawn; a label counts 1 / this',
          rank INT COMMENT 'Order in which to label, the most important first'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  ANNOTATOR_AGREEMENT(
      "annotator_agreement",
      "How far the people who label agree, beyond chance.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source',
          metric STRING COMMENT 'fleiss_kappa of all annotators, cohen_kappa of two of them',
          annotator_a STRING COMMENT 'Of cohen_kappa: the one',
          annotator_b STRING COMMENT 'Of cohen_kappa: the other',
          value DOUBLE COMMENT 'Kappa: 1 = all agree, 0 = as often as by chance; null where all labels are the same',
          std_error DOUBLE COMMENT 'Standard error',
          ci_low DOUBLE COMMENT 'Lower end of the 95 % interval',
          ci_high DOUBLE COMMENT 'Upper end',
          n BIGINT COMMENT 'Items that two or more, or both, have labelled',
          observed_agreement DOUBLE COMMENT 'Share of pairs of labels of one item that agree',
          expected_agreement DOUBLE COMMENT 'The same by chance',
          ties BIGINT COMMENT 'Of fleiss_kappa: items without a label that more annotators gave than any other',
          status STRING COMMENT 'OK, or INSUFFICIENT_DATA below quality.minimum-labels',
          because STRING COMMENT 'In one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  KPI_METRICS(
      "kpi_metrics",
      "One KPI in one window, version and slice, beside the quality of the model.",
      Keys.WINDOW
          + """
          kpi STRING COMMENT 'Name of the KPI',
          measure STRING COMMENT 'PER_PREDICTION = sum of the values of the predictions / their number; PER_EVENT = mean value of the events; COUNT = number of events',
          goal STRING COMMENT 'INCREASE or DECREASE: which way is better',
          value DOUBLE COMMENT 'Value; null for a mean of nothing',
          std_error DOUBLE COMMENT 'Its standard error',
          ci_low DOUBLE COMMENT 'Lower end of its 95 % interval',
          ci_high DOUBLE COMMENT 'Upper end of its 95 % interval',
          n BIGINT COMMENT 'Predictions or events that the value rests on',
          status STRING COMMENT 'OK, IMMATURE = events may still come, or INSUFFICIENT_DATA',
          because STRING COMMENT 'Why it is not OK'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of("value IS NULL OR NOT isnan(value)")),
  KPI_RELATIONS(
      "kpi_relations",
      "How the changes of a KPI go with those of a metric of quality, some windows earlier or later, over the 28 windows up to this one.",
      Keys.WINDOW
          + """
          kpi STRING COMMENT 'Name of the KPI',
          source STRING COMMENT 'Name of the feedback source of the metric',
          metric STRING COMMENT 'accuracy, f1, roc_auc, mae ...',
          lag INT COMMENT 'Windows that the KPI is later than the metric; negative where it is earlier',
          correlation DOUBLE COMMENT 'Rank correlation of their changes from window to window, -1 to 1',
          n INT COMMENT 'Pairs of changes',
          effective_n DOUBLE COMMENT 'Independent pairs that would tell as much, as changes are autocorrelated',
          p_value DOUBLE COMMENT 'Two-sided, of no correlation',
          p_value_adjusted DOUBLE COMMENT 'Corrected over the lags and metrics of the KPI',
          family_size INT COMMENT 'Correlations in the family',
          strongest BOOLEAN COMMENT 'Whether no other lag of a RELATED metric correlates more',
          status STRING COMMENT 'RELATED, UNRELATED or INSUFFICIENT_DATA',
          because STRING COMMENT 'Which follows which by how much, in one sentence; on the strongest lag'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  LABEL_MATURITY(
      "label_maturity",
      "How many of the predictions of a window had a label after some time: the maturity curve.",
      Keys.WINDOW
          + """
          source STRING COMMENT 'Name of the feedback source',
          age_hours INT COMMENT 'Hours since the prediction',
          predictions BIGINT COMMENT 'Predictions of the window',
          labels BIGINT COMMENT 'Those whose first label arrived within age_hours',
          label_coverage DOUBLE COMMENT 'labels / predictions'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  CHECK_RESULTS(
      "check_results",
      "What became of an expectation of a table in one window, as Great Expectations says it.",
      Keys.WINDOW
          + """
          table_name STRING COMMENT 'The table, as the model file names it',
          table_version BIGINT COMMENT 'Its Delta version; null where it could not be opened',
          column_name STRING COMMENT 'Column concerned; null of several, and of the whole table',
          expectation STRING COMMENT 'Name of the expectation',
          kwargs STRING COMMENT 'Its parameters, mostly and row_condition among them, as a JSON object',
          severity STRING COMMENT 'INFO, WARNING or CRITICAL: of the finding when it fails',
          success BOOLEAN COMMENT 'Whether it holds; false where it could not be judged, null where there is too little data',
          observed_value STRING COMMENT 'The number, list or mapping that was judged, as JSON; null where rows were',
          element_count BIGINT COMMENT 'Rows that were looked at; null where no rows are judged',
          missing_count BIGINT COMMENT 'Rows left out as a value is missing; of a set of distinct values its members that no row has',
          missing_percent DOUBLE COMMENT 'missing_count of element_count, 0 to 100',
          unexpected_count BIGINT COMMENT 'Rows that should not be; of distinct values such values',
          unexpected_percent DOUBLE COMMENT 'unexpected_count of the rows that are not missing, 0 to 100',
          unexpected_percent_total DOUBLE COMMENT 'unexpected_count of element_count, 0 to 100',
          partial_unexpected_list STRING COMMENT 'Values of at most 20 rows that should not be, as a JSON array',
          partial_unexpected_ids ARRAY<STRING> COMMENT 'Ids of the same rows, in the same order; several columns as a JSON object',
          details STRING COMMENT 'More, as a JSON object',
          exception STRING COMMENT 'Why it could not be judged; null where it was',
          source STRING COMMENT 'scan = from the rows; profile = the profile of the window knew; schema = no rows are needed',
          because STRING COMMENT 'Value and limit in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  SYSTEM_STATES(
      "system_states",
      "What the telemetry of a window says of the service, as one mergeable state for each version.",
      Keys.WINDOW
          + """
          rows BIGINT COMMENT 'Predictions; of a sample those that its rows stand for',
          state BINARY COMMENT 'Counts by minute, latencies, errors and costs; a format of Telltale'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  SYSTEM_METRICS(
      "system_metrics",
      "How well the service worked in a window, by version.",
      Keys.WINDOW
          + """
          metric STRING COMMENT 'requests, latency_p95_ms, error_rate, availability, crashes_per_thousand, cost_per_thousand, staleness_days ...; the name says the unit',
          value DOUBLE COMMENT 'Value; null where there is too little data',
          std_error DOUBLE COMMENT 'Standard error, where there is one',
          ci_low DOUBLE COMMENT 'Lower end of the 95 % interval, where there is one',
          ci_high DOUBLE COMMENT 'Upper end',
          error_bound DOUBLE COMMENT 'The value of the rows themselves is within this of value; 0 = exact',
          n BIGINT COMMENT 'Rows or crash reports that it rests on',
          status STRING COMMENT 'OK or INSUFFICIENT_DATA',
          because STRING COMMENT 'Why there is too little data, or what was left out'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  SYSTEM_COMPARISONS(
      "system_comparisons",
      "Metrics of the service held against an objective, the window before or the version before.",
      Keys.WINDOW
          + """
          metric STRING COMMENT 'As in system_metrics',
          compared_with STRING COMMENT 'OBJECTIVE, CONSECUTIVE = the window before, or PREVIOUS_VERSION, in the same window',
          value DOUBLE COMMENT 'Value',
          reference DOUBLE COMMENT 'The objective, or the value there',
          effect DOUBLE COMMENT 'What is held against threshold: the value, a ratio or a difference; Infinity = from nothing to something',
          threshold DOUBLE COMMENT 'From here on it matters',
          p_value DOUBLE COMMENT 'Of no change, two-sided, or of the objective being met, one-sided; null where there is no test',
          p_value_adjusted DOUBLE COMMENT 'Corrected over all tests of the window',
          family_size INT COMMENT 'Tests of the window',
          n BIGINT COMMENT 'Rows or crash reports that the value rests on',
          n_reference BIGINT COMMENT 'Rows that the reference rests on; 0 of an objective',
          status STRING COMMENT 'OK, DEGRADED or INSUFFICIENT_DATA',
          because STRING COMMENT 'Rule, value, threshold, n and p in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  CRASH_GROUPS(
      "crash_groups",
      "Crash reports of a window by signature and version.",
      Keys.WINDOW
          + """
          signature STRING COMMENT 'Hash of the stack, or of the message, without what differs from crash to crash; OTHER = of more than 200 in a window, the rarest together',
          title STRING COMMENT 'First line of it, without values, addresses and paths',
          crashes BIGINT COMMENT 'Reports',
          first_crash TIMESTAMP COMMENT 'First of them in the window',
          last_crash TIMESTAMP COMMENT 'Last of them in the window',
          first_seen TIMESTAMP COMMENT 'First crash with this signature of all windows, of any version',
          first_version STRING COMMENT 'Version of that crash',
          is_new BOOLEAN COMMENT 'Whether it was first seen in this window, once crashes had been watched for a day'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  EXPERIMENT_FACTS(
      "experiment_facts",
      "What a unit did on a day, as sums over a table of facts: metrics of experiments are made of them, whoever was exposed to what.",
      // No keys but those of the partition: there is a row for every unit and day.
      """
      granularity STRING COMMENT '1 day: facts are kept by day',
      window_date DATE COMMENT 'Day of the facts',
      model_id STRING COMMENT 'Model',
      source STRING COMMENT 'Hash of the table, its columns and the sums, as experiment files declare them',
      unit STRING COMMENT 'Unit; null on one row of each day: the day is read, even if it has no facts',
      values ARRAY<DOUBLE> COMMENT 'Sums over the facts of the unit, in the order of the declaration'
      """,
      List.of("window_date", "model_id", "granularity", "source"),
      List.of()),
  EXPERIMENT_EXPOSURES(
      "experiment_exposures",
      "A day on which a unit was exposed to an experiment, and what it did on that day from then on.",
      """
      granularity STRING COMMENT '1 day: exposures are kept by day',
      window_date DATE COMMENT 'Day of the exposures',
      model_id STRING COMMENT 'Model',
      source STRING COMMENT 'Hash of the log of exposures and of what is made of it and of the facts',
      experiment_id STRING COMMENT 'Experiment',
      unit STRING COMMENT 'Unit; null on one row of each day: the day is read, even if nobody was exposed',
      variant STRING COMMENT 'Its variant; null if it had several on the day',
      exposures BIGINT COMMENT 'Exposures of the unit on the day',
      first_exposure TIMESTAMP COMMENT 'The first of them',
      is_excluded BOOLEAN COMMENT 'Whether one of them is of a unit to be left out',
      segments ARRAY<STRING> COMMENT 'Values of the segments at first_exposure',
      facts ARRAY<STRUCT<source: STRING, values: ARRAY<DOUBLE>>> COMMENT 'Sums over the facts of the unit on the day, not before first_exposure'
      """,
      List.of("window_date", "model_id", "granularity", "source"),
      List.of()),
  EXPERIMENT_STATES(
      "experiment_states",
      "Mergeable state of the units of a variant of an experiment, and of each segment, as a look finds them: all results are computed from it.",
      Keys.WINDOW
          + """
          experiment_id STRING COMMENT 'Experiment',
          variant STRING COMMENT 'Variant',
          units BIGINT COMMENT 'Units first exposed up to the end of the window, without those set aside',
          state_version INT COMMENT 'Version of the binary format',
          state BINARY COMMENT 'The state itself'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  EXPERIMENT_RESULTS(
      "experiment_results",
      "One metric of one variant against the control at one look, of all units or of a segment.",
      Keys.WINDOW
          + """
          experiment_id STRING COMMENT 'Experiment',
          look INT COMMENT 'Number of the look: days since the experiment began',
          metric STRING COMMENT 'Metric',
          role STRING COMMENT 'PRIMARY, SECONDARY or GUARDRAIL',
          variant STRING COMMENT 'Variant that is compared with the control',
          n_control BIGINT COMMENT 'Units of the control that the metric rests on',
          n_variant BIGINT COMMENT 'The same of the variant',
          mean_control DOUBLE COMMENT 'Value of the metric in the control',
          mean_variant DOUBLE COMMENT 'The same in the variant',
          num_missing BIGINT COMMENT 'Units of both whose value is not a number',
          effect DOUBLE COMMENT 'Variant minus control, adjusted for what units did before, where that is known',
          std_error DOUBLE COMMENT 'Its standard error',
          ci_low DOUBLE COMMENT 'Lower end of the interval of the effect that holds at all looks together; -Infinity = no bound yet',
          ci_high DOUBLE COMMENT 'Upper end',
          lift DOUBLE COMMENT 'Effect as a share of the level of the control; null where that cannot be told from zero',
          lift_low DOUBLE COMMENT 'Lower end of its interval, from the same test as that of the effect',
          lift_high DOUBLE COMMENT 'Upper end',
          z DOUBLE COMMENT 'Effect in standard errors, as of a normal distribution',
          bound DOUBLE COMMENT 'What z has to reach at this look; Infinity where nothing may be found yet',
          information DOUBLE COMMENT 'Share of the planned information; without a plan the units of both arms',
          level DOUBLE COMMENT 'Error rate of the hypothesis over all looks: its share of that of the family',
          alpha_spent DOUBLE COMMENT 'What of it this and earlier looks have used up; null without a plan',
          p_value DOUBLE COMMENT 'Of this look alone, as if it were the only one',
          p_value_sequential DOUBLE COMMENT 'Of all looks up to this one together',
          p_value_adjusted DOUBLE COMMENT 'The latter, corrected over the family',
          family STRING COMMENT 'Tests that are corrected together: primary, secondary, guardrail or segment',
          family_size INT COMMENT 'Their number',
          chance_to_win DOUBLE COMMENT 'Probability that the variant is better, with the prior that prior-lift declares; null without it',
          expected_loss DOUBLE COMMENT 'By how much the variant is worse on average, where better counts as zero, likewise',
          effect_unadjusted DOUBLE COMMENT 'Variant minus control as they are',
          std_error_unadjusted DOUBLE COMMENT 'Its standard error',
          p_value_unadjusted DOUBLE COMMENT 'Of this look alone',
          theta ARRAY<DOUBLE> COMMENT 'Coefficients of what units did before; none = not adjusted',
          outcome STRING COMMENT 'HIGHER, LOWER, NON_INFERIOR, NOT_SHOWN, INSUFFICIENT_DATA or INVALID',
          fixed_on DATE COMMENT 'Day of the last look at the metric, if that was an earlier one: nothing changes after it',
          because STRING COMMENT 'In one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of("p_value IS NULL OR (p_value >= 0 AND p_value <= 1)")),
  EXPERIMENT_CHECKS(
      "experiment_checks",
      "What speaks for and against believing an experiment at a look.",
      Keys.WINDOW
          + """
          experiment_id STRING COMMENT 'Experiment',
          check STRING COMMENT 'SAMPLE_RATIO, SEVERAL_VARIANTS, PRE_EXPOSURE_BIAS, NOVELTY, OUTLIERS, TOO_GOOD, SIMPSON, HETEROGENEITY ...',
          metric STRING COMMENT 'Metric concerned, if it is about one',
          variant STRING COMMENT 'Variant concerned, if it is about one',
          day DATE COMMENT 'Day concerned, if it is about one',
          statistic DOUBLE COMMENT 'What the check looks at',
          p_value DOUBLE COMMENT 'Where there is a test',
          p_value_adjusted DOUBLE COMMENT 'Corrected over the tests of the check',
          status STRING COMMENT 'OK; WARNING = look into it; INVALID = no result can be believed; INSUFFICIENT_DATA',
          because STRING COMMENT 'In one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  EXPERIMENT_LOOKS(
      "experiment_looks",
      "What a look at an experiment decides of a variant.",
      Keys.WINDOW
          + """
          experiment_id STRING COMMENT 'Experiment',
          look INT COMMENT 'Number of the look: days since the experiment began',
          variant STRING COMMENT 'Variant that is compared with the control',
          n_control BIGINT COMMENT 'Units of the control',
          n_variant BIGINT COMMENT 'Units of the variant',
          num_several BIGINT COMMENT 'Units of the experiment that were seen in several variants and are set aside',
          num_excluded BIGINT COMMENT 'Units that exposures.exclude leaves out',
          num_undeclared BIGINT COMMENT 'Units in a variant that is not declared',
          num_late BIGINT COMMENT 'Units that were first exposed after the end',
          decision STRING COMMENT 'SHIP, KEEP_RUNNING, STOP_FOR_HARM, STOP_FOR_FUTILITY, INCONCLUSIVE or INVALID',
          decided_on DATE COMMENT 'Day of the look that fixed the decision; null while it is open',
          decided_by STRING COMMENT 'Run that fixed it',
          declaration STRING COMMENT 'Hash of what was declared; a look at another declaration is a new analysis',
          because STRING COMMENT 'In one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  FINDINGS(
      "findings",
      "One judged fact: something in production differs from what was declared or learned, and it matters.",
      Keys.WINDOW
          + """
          finding_id STRING COMMENT 'Stable id: the same fact in the same window has the same id in every run',
          finding_key STRING COMMENT 'What the fact is about, whatever the window: an alert follows one key',
          job STRING COMMENT 'Job that judged',
          kind STRING COMMENT 'DRIFT, MISSINGNESS, NEW_CATEGORY, OUT_OF_RANGE, STUCK, WENT_LIVE, ROW_COUNT, SCHEMA, QUALITY, KPI, EXPECTATION, SYSTEM, EXPERIMENT ...',
          column_name STRING COMMENT 'Column concerned; :table = the whole row',
          drift_type STRING COMMENT 'BASELINE or CONSECUTIVE; of quality TRAINING or PREVIOUS_VERSION; of a KPI PREVIOUS_WINDOWS or PREVIOUS_VERSION; of the service OBJECTIVE, CONSECUTIVE or PREVIOUS_VERSION; or null',
          metric STRING COMMENT 'Metric that decided',
          value DOUBLE COMMENT 'Its value',
          threshold DOUBLE COMMENT 'Threshold it crossed',
          p_value_adjusted DOUBLE COMMENT 'Corrected p-value, where there is a test',
          severity STRING COMMENT 'INFO, WARNING or CRITICAL',
          status STRING COMMENT 'FIRING or INSUFFICIENT_DATA',
          first_seen TIMESTAMP COMMENT 'Start of the first window of the present unbroken run of this fact',
          last_seen TIMESTAMP COMMENT 'Start of this window',
          because STRING COMMENT 'Rule, value and threshold in one sentence'
          """,
      List.of("window_date", "model_id", "granularity", "job"),
      List.of()),
  ALERTS(
      "alerts",
      "Alert episodes as they stood after each window: a finding that persisted.",
      Keys.WINDOW
          + """
          alert_id STRING COMMENT 'Stable id of the episode',
          finding_key STRING COMMENT 'The findings that the alert follows',
          kind STRING COMMENT 'Kind of the findings',
          column_name STRING COMMENT 'Column concerned; :table = the whole row',
          drift_type STRING COMMENT 'BASELINE or CONSECUTIVE; of quality TRAINING or PREVIOUS_VERSION; of a KPI PREVIOUS_WINDOWS or PREVIOUS_VERSION; of the service OBJECTIVE, CONSECUTIVE or PREVIOUS_VERSION; or null',
          metric STRING COMMENT 'Metric that decides',
          severity STRING COMMENT 'Highest severity seen in the episode',
          status STRING COMMENT 'OPEN, ACKNOWLEDGED or CLOSED; PENDING = seen, in too few windows to be an alert yet',
          first_seen TIMESTAMP COMMENT 'Start of the first window with the finding',
          opened TIMESTAMP COMMENT 'End of the window in which the alert opened; null while PENDING',
          last_seen TIMESTAMP COMMENT 'Start of the last window with the finding',
          closed TIMESTAMP COMMENT 'End of the window in which the alert closed',
          acknowledged TIMESTAMP COMMENT 'When somebody acknowledged it',
          acknowledged_by STRING COMMENT 'Who',
          windows_firing INT COMMENT 'Windows of the episode with the finding',
          recent ARRAY<STRUCT<window_start: TIMESTAMP, severity: STRING>> COMMENT 'The last windows that could be judged, oldest first; severity is null where the finding was absent; since closing if CLOSED',
          because STRING COMMENT 'Why it is open or closed, in one sentence'
          """,
      List.of("window_date", "model_id", "granularity"),
      List.of()),
  ALERT_ACKNOWLEDGEMENTS(
      "alert_acknowledgements",
      "What people said of alerts; append only, so that a re-run of a window does not forget it.",
      """
      model_id STRING COMMENT 'Model',
      alert_id STRING COMMENT 'Alert episode',
      acknowledged TIMESTAMP COMMENT 'When',
      acknowledged_by STRING COMMENT 'Who',
      note STRING COMMENT 'What they said'
      """,
      List.of("model_id"),
      List.of()),
  MAINTENANCE(
      "maintenance",
      "What maintain did to a table; append only, so that what was dropped stays known as dropped.",
      """
      run_id STRING COMMENT 'Run that did it',
      model_id STRING COMMENT 'Model',
      table_name STRING COMMENT 'Path or catalog name of the table',
      action STRING COMMENT 'RETENTION = rows were too old; COMPACTION = small files became few; VACUUM = files without rows in force; ERASURE = rows of a subject, and all history',
      kept_from TIMESTAMP COMMENT 'Of RETENTION: rows before are dropped, and late ones are not taken in',
      rows BIGINT COMMENT 'Rows removed; null before they are, and where none can be',
      files_before BIGINT COMMENT 'Files with rows; of VACUUM all files',
      files_after BIGINT COMMENT 'The same afterwards; null before',
      bytes_before BIGINT COMMENT 'Bytes of these files',
      bytes_after BIGINT COMMENT 'The same afterwards; null before',
      version BIGINT COMMENT 'Of ERASURE: version with which the history of the table begins',
      stands_for BIGINT COMMENT 'Of ERASURE of a baseline: the pinned version whose rows these are, but for the subject',
      restate ARRAY<TIMESTAMP> COMMENT 'Of ERASURE: days with late input that no night has taken in yet',
      computed_at TIMESTAMP COMMENT 'When'
      """,
      List.of("model_id"),
      List.of(),
      Map.of("delta.autoOptimize.autoCompact", "true")),
  RUNS(
      "runs",
      "The run ledger: one row per run and job.",
      """
      run_id STRING COMMENT 'Run; one night has one id for all its jobs',
      job STRING COMMENT 'Job',
      model_id STRING COMMENT 'Model',
      run_date DATE COMMENT 'Day of started_at, UTC',
      interval_start TIMESTAMP COMMENT '--from',
      interval_end TIMESTAMP COMMENT '--to, exclusive',
      outcome STRING COMMENT 'SUCCEEDED or FAILED',
      message STRING COMMENT 'Error message of a failed run',
      arguments STRING COMMENT 'Command line',
      config_hash STRING COMMENT 'SHA-256 of the effective configuration',
      code_version STRING COMMENT 'Version of Telltale',
      sources MAP<STRING, BIGINT> COMMENT 'Delta version of every table read',
      restated ARRAY<TIMESTAMP> COMMENT 'Starts of earlier windows recomputed because their input changed',
      rows_read BIGINT COMMENT 'Rows read from the sources',
      bytes_read BIGINT COMMENT 'Bytes read from the sources',
      rows_written BIGINT COMMENT 'Rows written to the result tables',
      seconds DOUBLE COMMENT 'Wall time',
      as_of STRING COMMENT 'Run whose source versions were read again',
      started_at TIMESTAMP COMMENT 'Start of the job',
      computed_at TIMESTAMP COMMENT 'End of the job'
      """,
      List.of(),
      List.of(),
      // One row a night: without compaction, reading the ledger would slow down with its age.
      Map.of("delta.autoOptimize.autoCompact", "true"));

  /** Version of all schemas; a table property. Changes are additive. */
  public static final int SCHEMA_VERSION = 1;

  private final String tableName;
  private final String comment;
  private final String ddl;
  // Parsed once: every row that is built asks for it. Two threads may both parse it, to the same.
  private volatile StructType schema;
  private final List<String> partitionColumns;
  private final List<String> constraints;
  private final Map<String, String> properties;

  Tables(
      String tableName,
      String comment,
      String ddl,
      List<String> partitionColumns,
      List<String> constraints) {
    this(tableName, comment, ddl, partitionColumns, constraints, Map.of());
  }

  Tables(
      String tableName,
      String comment,
      String ddl,
      List<String> partitionColumns,
      List<String> constraints,
      Map<String, String> properties) {
    this.tableName = tableName;
    this.comment = comment;
    this.ddl = ddl;
    this.partitionColumns = partitionColumns;
    this.constraints = constraints;
    this.properties = properties;
  }

  /** Name of the table in the lake. */
  public String tableName() {
    return tableName;
  }

  /** What one row says. */
  public String comment() {
    return comment;
  }

  /** Columns in order, with comments. */
  public StructType schema() {
    StructType known = schema;
    if (known == null) {
      known = StructType.fromDDL(ddl);
      schema = known;
    }
    return known;
  }

  /** Partition columns; a write names all of them as literals. */
  public List<String> partitionColumns() {
    return partitionColumns;
  }

  /** CHECK conditions. */
  public List<String> constraints() {
    return constraints;
  }

  /** Delta table properties. */
  Map<String, String> properties() {
    return properties;
  }

  /** Names of all tables. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Tables::tableName).toList();
  }

  private static final class Keys {
    static final String WINDOW =
        """
        window_start TIMESTAMP COMMENT 'Start of the window, UTC',
        window_end TIMESTAMP COMMENT 'End of the window, exclusive, UTC',
        granularity STRING COMMENT 'Length of the window: 1 hour, 1 day, 1 week, 1 month; baseline = the whole baseline',
        window_date DATE COMMENT 'Day of window_start; 1970-01-01 for the baseline',
        model_id STRING COMMENT 'Model',
        model_version STRING COMMENT 'Version of the model; null = all versions',
        slice_key STRING COMMENT 'Column or columns of the slice, comma-separated; null = everything',
        slice_value STRING COMMENT 'Value or values of the slice, comma-separated; null = everything',
        run_id STRING COMMENT 'Run that wrote the row',
        computed_at TIMESTAMP COMMENT 'When the row was written',
        """;
  }
}

package dev.telltale.config;

import java.time.Duration;
import java.util.List;

/** Every default of a model, an experiment and a deployment, with its reason. */
public final class Defaults {
  /** Enough to see every large group; the small rest is pooled. */
  public static final int MAX_SLICE_VALUES = 100;

  /** A night is a day. */
  public static final List<Granularity> GRANULARITIES = List.of(Granularity.DAY);

  /** False discoveries among the findings of one run: one in twenty. */
  public static final double ALPHA = 0.05;

  /** Columns of one telemetry are positively dependent, where Benjamini-Hochberg holds. */
  public static final String CORRECTION = "BENJAMINI_HOCHBERG";

  /** Bounded, symmetric, the same for numbers and categories, counts nulls and unseen values. */
  public static final String EFFECT = "js_distance";

  /** A normal distribution that moves by a quarter of its standard deviation scores about 0.1. */
  public static final double THRESHOLD = 0.1;

  /** One row in a hundred newly missing or newly present is worth a look. */
  public static final double MISSINGNESS = 0.01;

  /** One row in a hundred with a category that training never saw. */
  public static final double NEW_CATEGORY = 0.01;

  /** One row in a hundred outside the range that training saw. */
  public static final double OUT_OF_RANGE = 0.01;

  /** Weekends and holidays stay below; a lost partition or a doubled upload does not. */
  public static final double ROW_COUNT_RATIO = 1.5;

  /** Below, not even a shift by half a standard deviation is found with probability one half. */
  public static final int MINIMUM_ROWS = 30;

  /** What statistics offices use for tables of people. */
  public static final int MINIMUM_UNITS = 10;

  /** Precision and recall weigh the same. */
  public static final double BETA = 1;

  /** What is seen at a glance, and what the first page of an answer holds. */
  public static final List<Integer> CUTOFFS = List.of(5, 10);

  /** Two answers in a hundred: what a team would act on, and above the noise of 2,000 labels. */
  public static final double TOLERANCE = 0.02;

  /** Errors have no scale of their own; a tenth more is felt. */
  public static final double TOLERANCE_RATIO = 0.1;

  /** With fewer, an interval is wider than any decision needs. */
  public static final int MINIMUM_LABELS = 100;

  /** Labels that take longer than a quarter come when the model has been replaced. */
  public static final Duration RESTATE_WITHIN = Duration.ofDays(90);

  /** People cost more than anything else here: nobody is asked unbidden. */
  public static final int LABELLING_BUDGET = 0;

  /** Clocks that are set agree to minutes; beyond an hour a clock is not set, or its zone wrong. */
  public static final Duration CLOCK_SKEW = Duration.ofHours(1);

  /** Who was offline for longer than a quarter tells of a model that has been replaced. */
  public static final Duration ALLOWED_LATENESS = Duration.ofDays(90);

  /** With the model's id behind it: a sample has the columns of one telemetry. */
  public static final String SAMPLE_TABLE = "telemetry_sample_";

  /** Two of three windows: one bad night is noise, two are a pattern. */
  public static final int ALERT_WINDOWS = 3;

  /** See {@link #ALERT_WINDOWS}. */
  public static final int ALERT_REQUIRED = 2;

  /** Two quiet windows in a row close an alert, so that one quiet night does not. */
  public static final int ALERT_CLOSE_AFTER = 2;

  /** After closing, the same alert stays quiet for a window. */
  public static final int ALERT_COOL_DOWN = 1;

  /** An expectation holds for every row, as with Great Expectations. */
  public static final double MOSTLY = 1;

  /** Worth an alert; what stops a pipeline is declared so. */
  public static final String CHECK_SEVERITY = "WARNING";

  /** People notice a wait that is a fifth longer (Weber's law of durations). */
  public static final double LATENCY_RATIO = 1.2;

  /** One answer in a hundred that was right before. */
  public static final double ERROR_RATE = 0.01;

  /** Crashes are rare and come in bursts; twice as many are more than a burst. */
  public static final double CRASH_RATIO = 2;

  /** A fifth more is what a budget notices. */
  public static final double COST_RATIO = 1.2;

  /** Two weeks hold two of each weekday; older behaviour tells less. */
  public static final int PRE_DAYS = 14;

  /** Of the experiments without an effect, one in twenty finds one on its primary metrics. */
  public static final double EXPERIMENT_ALPHA = 0.05;

  /** Spends next to nothing early, so that the last look costs next to no power. */
  public static final String SPENDING = "obf";

  /** Beside the configuration, so that a first try needs no flag. */
  public static final String LAKE = "lake";

  /** Where the repository has it. */
  public static final String CONFIG = "conf";

  /** All cores of this machine, where spark-submit does not say otherwise. */
  public static final String MASTER = "local[*]";

  /** Warnings, and what Telltale itself does. */
  public static final int VERBOSITY = 0;

  private Defaults() {}
}

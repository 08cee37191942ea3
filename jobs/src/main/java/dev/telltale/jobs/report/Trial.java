package dev.telltale.jobs.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a report says of an experiment, as its last look finds it.
 *
 * @param experiment id of the experiment
 * @param id of its part of the page
 * @param look number of the last look
 * @param day the day after which it was taken
 * @param running whether something is open and still looked at
 * @param control name of the control; null where that is not known
 * @param controlUnits units of the control
 * @param setAside units that are not counted, by why
 * @param variants what is compared with the control
 * @param metrics of all units, primary ones first
 * @param courses of the primary metrics, over the looks
 * @param segments the effects where they are asked by segment
 * @param checks trust checks that were made
 * @param doubts those that are not fine, worst first
 */
record Trial(
    String experiment,
    String id,
    int look,
    Instant day,
    boolean running,
    String control,
    Long controlUnits,
    Map<String, Long> setAside,
    List<Variant> variants,
    List<Metric> metrics,
    List<Course> courses,
    List<Segments> segments,
    int checks,
    List<Doubt> doubts) {

  /** Whether it is still looked at, in words. */
  public String state() {
    if (running) {
      return "running";
    }
    return variants.stream().anyMatch(Variant::isOpen) ? "not looked at any more" : "finished";
  }

  /** The control in words. */
  public String controlName() {
    return control == null ? "the control" : Formats.shorten(control);
  }

  /** What is set aside, in words. */
  public String aside() {
    return TrialWords.aside(setAside);
  }

  /** Checks without a doubt. */
  public int quiet() {
    return checks - doubts.size();
  }

  /** Doubts of which something is known. */
  public List<Doubt> loud() {
    return doubts.stream().filter(doubt -> !doubt.isSparse()).toList();
  }

  /** Checks with too little data. */
  public List<Doubt> sparse() {
    return doubts.stream().filter(Doubt::isSparse).toList();
  }

  /**
   * A variant.
   *
   * @param decision as the table has it
   * @param decidedOn day of the look that fixed it; null while it is open
   * @param because the sentence of the look that decided
   */
  record Variant(String variant, Long units, String decision, Instant decidedOn, String because) {
    /** Whether later looks may decide otherwise. */
    boolean isOpen() {
      return decision.equals("KEEP_RUNNING") || decision.equals("INVALID");
    }
  }

  /**
   * A difference and the interval that holds at all looks together.
   *
   * @param low null = no bound yet
   * @param high null = no bound yet
   */
  record Change(Double value, Double low, Double high) {}

  /** A metric at the last look. */
  interface Compared {
    /** Variant minus control; null where that is not known. */
    Change effect();

    /** The same as a share of the control's level; null where that cannot be told. */
    Change lift();

    /** The lift where there is one. */
    default Change shown() {
      return lift() == null ? effect() : lift();
    }

    /** It in words. */
    default String difference() {
      return shown() == null ? Formats.NOTHING : TrialWords.signed(shown().value(), lift() != null);
    }

    /** Its interval in words. */
    default String interval() {
      return shown() == null ? "" : TrialWords.interval(shown(), lift() != null);
    }
  }

  /**
   * A metric of all units.
   *
   * @param pValue sequential and corrected
   * @param fixedOn day of the metric's last look, if that was an earlier one
   */
  record Metric(
      String metric,
      String role,
      String variant,
      Long controlUnits,
      Long variantUnits,
      Double meanControl,
      Double meanVariant,
      Change effect,
      Change lift,
      Double pValue,
      String outcome,
      Instant fixedOn,
      String because)
      implements Compared {
    /** How the page paints the outcome. */
    public String tone() {
      return TrialWords.tone(outcome);
    }
  }

  /**
   * A primary metric over the looks at the present declaration.
   *
   * @param share whether the points are lifts; otherwise effects
   * @param decidedOn day of the look that decided on the variant; null while that is open
   * @param looks one for each look, oldest first
   */
  record Course(
      String metric, String variant, boolean share, Instant decidedOn, List<Point> looks) {}

  /** What a look saw. */
  record Point(int look, Instant day, Double value, Double low, Double high, String outcome) {}

  /**
   * A metric by the values of a segment.
   *
   * @param because whether the values differ, in a sentence; null where that is not asked
   */
  record Segments(
      String metric, String variant, String segment, String because, List<Part> parts) {}

  /** A value of a segment; null = not known. */
  record Part(
      String value,
      Long controlUnits,
      Long variantUnits,
      Change effect,
      Change lift,
      String outcome,
      String because)
      implements Compared {
    /** How the page paints the outcome. */
    public String tone() {
      return TrialWords.tone(outcome);
    }
  }

  /** A trust check that is not fine. */
  record Doubt(
      String check,
      String metric,
      String variant,
      Instant day,
      String segment,
      String segmentValue,
      String status,
      String because) {
    private boolean isSparse() {
      return status.equals("INSUFFICIENT_DATA");
    }
  }
}

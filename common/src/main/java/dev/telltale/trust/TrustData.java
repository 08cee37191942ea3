package dev.telltale.trust;

import dev.telltale.config.Experiment;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.Heterogeneity;
import dev.telltale.experiment.Inference;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a look at an experiment has gathered, for {@link TrustChecks}. A variant that a map lacks
 * has no units.
 *
 * <p>An arm has a block per metric of the declaration, in its order: the value, then the
 * denominator if the metric is a ratio; with {@link Experiment#preDays()}, then the same columns of
 * the days before the unit's first exposure. That of a quantile metric is a block of rows.
 *
 * @param experiment the declaration
 * @param arms by variant, of all units that were seen in one variant only
 * @param segments the same units by segment
 * @param exposures units by day of first exposure and variant
 * @param looks units by variant at each look before this one, oldest first, all days so far: as
 *     they are counted now, so that days that were repaired do not stay in the record
 * @param severalVariants units that were seen in several variants, which {@code arms} lack
 * @param unknownVariants units of variants that are not declared, by variant
 * @param halves what units did early and late
 * @param effects what is shown, as far as it is
 * @param heterogeneities how effects differ between segments
 */
public record TrustData(
    Experiment experiment,
    Map<String, ArmState> arms,
    List<Segment> segments,
    SortedMap<LocalDate, Map<String, Long>> exposures,
    List<Map<String, Long>> looks,
    long severalVariants,
    Map<String, Long> unknownVariants,
    List<Halves> halves,
    List<MetricEffect> effects,
    List<Heterogeneity> heterogeneities) {
  /** Copies the collections. */
  public TrustData {
    arms = Map.copyOf(arms);
    segments = List.copyOf(segments);
    exposures = Collections.unmodifiableSortedMap(new TreeMap<>(exposures));
    looks = List.copyOf(looks);
    unknownVariants = Collections.unmodifiableSortedMap(new TreeMap<>(unknownVariants));
    halves = List.copyOf(halves);
    effects = List.copyOf(effects);
    heterogeneities = List.copyOf(heterogeneities);
  }

  /**
   * Units with one value of a segment.
   *
   * @param key the segment's column
   * @param value its value
   * @param arms by variant
   */
  public record Segment(String key, String value, Map<String, ArmState> arms) {
    /** Copies the map. */
    public Segment {
      arms = Map.copyOf(arms);
    }
  }

  /**
   * What units did per day in the first and in the later half of their days in the experiment. Two
   * columns: the rate of the first half, and that of the later one. Only units with both.
   *
   * @param metric metric
   * @param variant variant
   * @param control the control's units
   * @param compared the variant's units
   */
  public record Halves(String metric, String variant, CrossMoments control, CrossMoments compared) {
    /** Requires two columns. */
    public Halves {
      if (control.columns() != 2 || compared.columns() != 2) {
        throw new IllegalArgumentException(
            "halves of "
                + metric
                + " have "
                + control.columns()
                + " and "
                + compared.columns()
                + " columns, not 2");
      }
    }
  }

  /**
   * An effect that the look shows.
   *
   * @param metric metric
   * @param variant variant
   * @param effect variant minus control
   * @param standardError its standard error
   * @param lift the same as a share of the control's level; empty where that cannot be told from
   *     zero
   */
  public record MetricEffect(
      String metric,
      String variant,
      double effect,
      double standardError,
      Optional<Inference.Lift> lift) {}
}

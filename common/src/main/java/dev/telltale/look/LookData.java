package dev.telltale.look;

import dev.telltale.experiment.ArmState;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a look looks at. Block i of a state belongs to metric i of the declaration; its columns are
 * the value, the denominator if the metric is a ratio, and, with pre-period days declared, the same
 * from the pre-period. That of a quantile is a block of rows.
 *
 * @param end end of the last complete day of data, exclusive
 * @param arms state of each variant and the control; one that is missing has no units
 * @param segments the same of each segment
 * @param earlier the looks before, in any order; those at {@code end} or later take no part
 * @param invalid why nothing can be trusted, such as a mismatch of the sample ratio; empty = it can
 */
public record LookData(
    LocalDate end,
    Map<String, ArmState> arms,
    Map<Segment, Map<String, ArmState>> segments,
    List<PastLook> earlier,
    Optional<String> invalid) {
  /** Copies the collections. */
  public LookData {
    arms = Map.copyOf(arms);
    segments = Collections.unmodifiableMap(new LinkedHashMap<>(segments));
    earlier = List.copyOf(earlier);
  }
}

package dev.telltale.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/** What was measured: each kind of {@link Measure} has its own. */
public sealed interface Observation {
  /**
   * Of {@link Measure.Rows}, {@link Measure.Made}, {@link Measure.Repeated} and {@link
   * Measure.Count}.
   *
   * @param elements rows, the missing ones among them
   * @param missing rows that count as missing
   * @param unexpected rows that should not be; 0 of {@link Measure.Count}
   * @param values values of some of those: of one column the value, of several a mapping by column
   * @param ids ids of the same rows, in the same order; empty where rows have none
   */
  record Counted(
      long elements, long missing, long unexpected, List<Object> values, List<String> ids)
      implements Observation {
    /** Copies the lists, nulls among the values. */
    public Counted {
      values = Collections.unmodifiableList(new ArrayList<>(values));
      ids = List.copyOf(ids);
    }
  }

  /** Of {@link Measure.Aggregate}; empty where there is no such number. */
  record Figure(OptionalDouble value) implements Observation {}

  /**
   * Of {@link Measure.OrderStatistics}.
   *
   * @param values values that are not missing
   * @param below value at the place below, for each probability; empty where there are none
   * @param above value at the place above
   */
  record Ordered(long values, List<Double> below, List<Double> above) implements Observation {
    /** Copies the lists. */
    public Ordered {
      below = List.copyOf(below);
      above = List.copyOf(above);
    }
  }

  /**
   * Of {@link Measure.Distinct}.
   *
   * @param values values that are not missing
   * @param distinct different values among them
   * @param outside different values that are not in the set
   * @param someOutside some of those
   * @param absent places of the members of the set that no row has, from 1, ascending
   * @param mostCommon the values that most rows have; at most {@link CheckResult#PARTIAL}
   */
  record Groups(
      long values,
      long distinct,
      long outside,
      List<Object> someOutside,
      List<Integer> absent,
      List<Object> mostCommon)
      implements Observation {
    /** Copies the lists. */
    public Groups {
      someOutside = List.copyOf(someOutside);
      absent = List.copyOf(absent);
      mostCommon = List.copyOf(mostCommon);
    }
  }

  /** Of {@link Measure.Structure}. */
  record Nothing() implements Observation {}
}

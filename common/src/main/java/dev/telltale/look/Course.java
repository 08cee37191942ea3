package dev.telltale.look;

import dev.telltale.sequential.AsymptoticConfidenceSequence;
import dev.telltale.sequential.Look;
import dev.telltale.sequential.Sides;
import dev.telltale.stats.StandardNormal;
import java.util.List;

/** The looks at one subject, and how their errors are held together. */
sealed interface Course {
  /** The p-value of all looks, and the look it comes from. */
  SequentialPValues.Found pValue(double[] z);

  /** Whether any look reaches its bound at a level; at 1 or more all do, at 0 none. */
  boolean isCrossed(double level, double[] z);

  /** What the latest look has to reach at a level. */
  Limit limit(double level);

  /**
   * What a look has to reach.
   *
   * @param bound of z; may be infinite
   * @param nominal p-value of a single test there; 0 if infinite
   * @param spent alpha spent up to this look; NaN where nothing is spent
   */
  record Limit(double bound, double nominal, double spent) {}

  /** With a plan: alpha is spent over the information. */
  record Planned(SequentialPValues values) implements Course {
    @Override
    public SequentialPValues.Found pValue(double[] z) {
      return values.pValue(z);
    }

    @Override
    public boolean isCrossed(double level, double[] z) {
      return level > 0 && (level >= 1 || values.isCrossed(level, z));
    }

    @Override
    public Limit limit(double level) {
      Look look = values.bounds(level).latest();
      return new Limit(look.bound(), look.nominal(), look.alphaSpent());
    }
  }

  /**
   * Without a plan: bounds hold at any number of units.
   *
   * @param units of both arms at each look
   * @param scale of the effects, the same at all levels
   */
  record Unplanned(List<Double> units, double scale) implements Course {
    /** Its p-values do not depend on it. */
    private static final double ANY_LEVEL = 0.05;

    public Unplanned {
      units = List.copyOf(units);
    }

    private AsymptoticConfidenceSequence at(double level) {
      return new AsymptoticConfidenceSequence(level, Sides.TWO, scale);
    }

    @Override
    public SequentialPValues.Found pValue(double[] z) {
      SequentialPValues.Found least = new SequentialPValues.Found(1, z.length);
      for (int k = z.length - 1; k >= 0; k--) {
        double one = at(ANY_LEVEL).pValue(z[k], 1, units.get(k));
        if (one <= least.value()) {
          least = new SequentialPValues.Found(one, k + 1);
        }
      }
      return least;
    }

    @Override
    public boolean isCrossed(double level, double[] z) {
      for (int k = 0; level > 0 && k < z.length; k++) {
        if (level >= 1 || Math.abs(z[k]) >= at(level).bound(units.get(k))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Limit limit(double level) {
      double bound = at(level).bound(units.get(units.size() - 1));
      return new Limit(bound, 2 * StandardNormal.upperTail(bound), Double.NaN);
    }
  }
}

package dev.telltale.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class NearestName {
  private NearestName() {}

  /**
   * The candidate nearest to {@code name}, if one is near: at most one edit per three characters,
   * where an edit inserts, drops, replaces or swaps neighbouring characters; case and the choice
   * between hyphen and underscore do not count. Ties go to the alphabetically first.
   */
  public static Optional<String> of(String name, Collection<String> candidates) {
    String wanted = fold(name);
    int limit = Math.max(1, wanted.length() / 3);
    return candidates.stream()
        .filter(candidate -> edits(wanted, fold(candidate)) <= limit)
        .min(
            Comparator.<String>comparingInt(candidate -> edits(wanted, fold(candidate)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** {@code "; did you mean `slices`?"}, or nothing when no candidate is near. */
  public static String hint(String name, Collection<String> candidates) {
    return of(name, candidates).map(near -> "; did you mean `" + near + "`?").orElse("");
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Optimal string alignment distance. */
  private static int edits(String left, String right) {
    int[][] distance = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }

        int replace = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int best = distance[i - 1][j - 1] + replace;
        best = Math.min(best, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        distance[i][j] = swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
      }
    }

    return distance[left.length()][right.length()];
  }
}

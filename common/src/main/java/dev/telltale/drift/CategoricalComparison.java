package dev.telltale.drift;

import dev.telltale.profile.CategoryState;
import dev.telltale.stats.ContingencyTable;
import dev.telltale.stats.ProportionTest;
import dev.telltale.stats.TestResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A categorical column against a reference.
 *
 * <p>From states there is a bin per label of the baseline, one for all others ({@code unseen}) and
 * one for missing values; all counts are exact, rows with weights as many as they are worth. From
 * raw counts there is a bin per category of either side and one for missing values.
 *
 * <p>The test that decides tells the others apart as long as both states know them by name. As one
 * bin they would be many rows that the reference cannot have, since its own categories are the
 * labels, and a small sample always misses some: 30 rows of 20 skewed categories against 300 more
 * of them would differ at 5 % in 46 % of all cases.
 */
public final class CategoricalComparison {
  /**
   * Categories that the smaller side is expected to have less often are pooled in the test that
   * decides: below, its distribution is not chi-squared.
   */
  static final double MINIMUM_EXPECTED = 1;

  /**
   * Where the smaller side is expected to have a category less often, the test that decides takes
   * the exact variance of its statistic: with that of the chi-squared distribution it would fire as
   * rarely as half its level.
   */
  static final double PLAIN_EXPECTED = 5;

  private static final String POOLED = "chi_squared with rare categories pooled";
  private static final String SPARSE = "chi_squared of few rows a category";
  private static final String EVERY = "chi_squared of every category";

  /** Bins drawn; the reference's most frequent. */
  private static final int DRAWN = 20;

  private final List<String> labels;
  private final long[] reference;
  private final long[] current;
  private final long referenceUnseen;
  private final long currentUnseen;
  private final long referenceMissing;
  private final long currentMissing;
  private final long referenceRows;
  private final long currentRows;

  private CategoricalComparison(
      List<String> labels, long[] reference, long[] current, long[] unseen, long[] missing) {
    this.labels = labels;
    this.reference = reference;
    this.current = current;
    this.referenceUnseen = unseen[0];
    this.currentUnseen = unseen[1];
    this.referenceMissing = missing[0];
    this.currentMissing = missing[1];
    this.referenceRows = Arrays.stream(reference).sum() + referenceUnseen + referenceMissing;
    this.currentRows = Arrays.stream(current).sum() + currentUnseen + currentMissing;
  }

  /**
   * The comparison.
   *
   * @param others rows of either side in each category that is no label, for the test that decides
   * @param unseenCategories different ones that the window has; more than two are two
   */
  private Comparison comparison(long[][] others, int unseenCategories) {
    long[] allReference = with(reference, new long[] {referenceUnseen}, referenceMissing);
    long[] allCurrent = with(current, new long[] {currentUnseen}, currentMissing);
    return new Comparison(
        referenceRows,
        currentRows,
        referenceMissing,
        currentMissing,
        referenceRows == 0 || currentRows == 0
            ? List.of()
            : Metrics.ofBins(allReference, allCurrent),
        bins(),
        driftTest(
            with(reference, others[0], referenceMissing),
            with(current, others[1], currentMissing),
            ContingencyTable.of(allReference, allCurrent).categories()),
        novelty(),
        constancy(unseenCategories));
  }

  /**
   * Compares two states over the same anchors.
   *
   * @throws IllegalArgumentException if the anchors differ
   */
  public static Comparison of(CategoryState reference, CategoryState current) {
    if (!reference.anchors().equals(current.anchors())) {
      throw new IllegalArgumentException("States over different baselines do not compare");
    }
    long known = Arrays.stream(current.known()).filter(count -> count > 0).count();
    int others = (int) Math.min(2, Math.round(current.distinct() - known));
    long[][] unknown = others(reference, current);
    Side before = new Side(reference, unknown[0]);
    Side now = new Side(current, unknown[1]);
    return new CategoricalComparison(
            reference.anchors().labels(),
            before.known,
            now.known,
            new long[] {Arrays.stream(before.others).sum(), Arrays.stream(now.others).sum()},
            new long[] {before.missing, now.missing})
        .comparison(new long[][] {before.others, now.others}, others);
  }

  /** What the rows of a state are worth. */
  private static final class Side {
    final long[] known;
    final long[] others;
    final long missing;

    Side(CategoryState state, long[] others) {
      Worth worth = new Worth(state);
      long[] all = Arrays.copyOf(state.known(), state.known().length + others.length);
      System.arraycopy(others, 0, all, all.length - others.length, others.length);
      long[] worths = worth.of(all);
      this.known = Arrays.copyOf(worths, all.length - others.length);
      this.others = Arrays.copyOfRange(worths, known.length, all.length);
      this.missing = worth.of(state.nulls());
    }
  }

  private static long[][] others(CategoryState reference, CategoryState current) {
    if (!reference.exact() || !current.exact()) {
      return new long[][] {{reference.unseen()}, {current.unseen()}};
    }
    Map<String, Long> before = reference.unseenItems();
    Map<String, Long> now = current.unseenItems();
    TreeSet<String> union = new TreeSet<>(before.keySet());
    union.addAll(now.keySet());
    return new long[][] {counts(union, before), counts(union, now)};
  }

  private static long[] counts(Collection<String> labels, Map<String, Long> rows) {
    return labels.stream().mapToLong(label -> rows.getOrDefault(label, 0L)).toArray();
  }

  /**
   * Compares raw counts.
   *
   * @param reference rows per category
   * @param referenceMissing nulls besides
   * @param current rows per category
   * @param currentMissing nulls besides
   */
  public static Comparison ofCounts(
      Map<String, Long> reference,
      long referenceMissing,
      Map<String, Long> current,
      long currentMissing) {
    TreeSet<String> union = new TreeSet<>(reference.keySet());
    union.addAll(current.keySet());
    List<String> labels = List.copyOf(union);
    return new CategoricalComparison(
            labels,
            counts(labels, reference),
            counts(labels, current),
            new long[2],
            new long[] {referenceMissing, currentMissing})
        .comparison(new long[2][0], 0);
  }

  private static long[] with(long[] counts, long[] others, long missing) {
    long[] all = Arrays.copyOf(counts, counts.length + others.length + 1);
    System.arraycopy(others, 0, all, counts.length, others.length);
    all[all.length - 1] = missing;
    return all;
  }

  private Optional<Comparison.DriftTest> driftTest(
      long[] allReference, long[] allCurrent, int bins) {
    if (referenceValues() == 0 || currentValues() == 0) {
      return Optional.empty();
    }
    ContingencyTable table = ContingencyTable.of(allReference, allCurrent);
    ContingencyTable pooled = table.pooled(MINIMUM_EXPECTED);
    boolean whole = pooled.categories() == table.categories();
    if (pooled.smallestExpected() < PLAIN_EXPECTED) {
      return Optional.of(test(whole ? SPARSE : POOLED, pooled.matchedChiSquareTest(), false));
    }
    boolean metric = whole && table.categories() == bins;
    String name = metric ? Metrics.CHI_SQUARED : whole ? EVERY : POOLED;
    return Optional.of(test(name, pooled.chiSquareTest(), metric));
  }

  private static Comparison.DriftTest test(String name, TestResult result, boolean metric) {
    return new Comparison.DriftTest(name, result.pValue(), metric);
  }

  /**
   * New categories are tested against those that the reference would have shown as new: its own
   * unseen rows, and its categories of a single row, which is Good's (1953,
   * doi:10.1093/biomet/40.3-4.237) estimate of the mass that a sample misses.
   */
  private Comparison.Novelty novelty() {
    long n = referenceValues();
    long m = currentValues();
    long unseen = currentUnseen;
    long expected = referenceUnseen;
    for (int i = 0; i < reference.length; i++) {
      unseen += reference[i] == 0 ? current[i] : 0;
      expected += reference[i] == 1 ? 1 : 0;
    }
    if (n == 0 || m == 0 || unseen == 0) {
      return new Comparison.Novelty(CheckKind.NEW_CATEGORY, 0, 1);
    }
    double share = (double) unseen / m - (double) referenceUnseen / n;
    double p = ProportionTest.greater(unseen, m, Math.min(n, expected), n);
    return new Comparison.Novelty(CheckKind.NEW_CATEGORY, Math.max(0, share), p);
  }

  private Comparison.Constancy constancy(int unseenCategories) {
    long n = referenceValues();
    long m = currentValues();
    int only = only(reference, n);
    int onlyNow = only(current, m);
    boolean constant = only >= 0;
    boolean constantNow = onlyNow >= 0 || (m > 0 && currentUnseen == m && unseenCategories == 1);
    if (constant == constantNow || n == 0 || m == 0) {
      return new Comparison.Constancy(constant, constantNow, 0, 1);
    }
    if (constant) {
      long same = current[only];
      return new Comparison.Constancy(
          true, false, 1 - (double) same / m, ProportionTest.greater(n, n, same, m));
    }
    // An unseen value may have been any of the reference's unseen rows.
    long same = onlyNow >= 0 ? reference[onlyNow] : referenceUnseen;
    return new Comparison.Constancy(
        false, true, 1 - (double) same / n, ProportionTest.greater(m, m, same, n));
  }

  private static int only(long[] counts, long values) {
    for (int i = 0; i < counts.length; i++) {
      if (values > 0 && counts[i] == values) {
        return i;
      }
    }
    return -1;
  }

  private long referenceValues() {
    return referenceRows - referenceMissing;
  }

  private long currentValues() {
    return currentRows - currentMissing;
  }

  private Bins bins() {
    List<Integer> order =
        IntStream.range(0, labels.size())
            .boxed()
            .filter(i -> reference[i] + current[i] > 0)
            .sorted(
                Comparator.<Integer>comparingLong(i -> -reference[i])
                    .thenComparingLong(i -> -current[i])
                    .thenComparing(labels::get))
            .toList();
    List<Bins.Bin> bins = new ArrayList<>();
    for (int i : order.subList(0, Math.min(DRAWN, order.size()))) {
      Bins.Kind kind = reference[i] == 0 ? Bins.Kind.UNSEEN : Bins.Kind.VALUES;
      bins.add(bin(kind, labels.get(i), reference[i], current[i]));
    }
    if (order.size() > DRAWN) {
      List<Integer> rest = order.subList(DRAWN, order.size());
      bins.add(
          bin(
              Bins.Kind.VALUES,
              rest.size() + " more categories",
              rest.stream().mapToLong(i -> reference[i]).sum(),
              rest.stream().mapToLong(i -> current[i]).sum()));
    }
    bins.add(bin(Bins.Kind.UNSEEN, "other categories", referenceUnseen, currentUnseen));
    bins.add(bin(Bins.Kind.MISSING, "missing", referenceMissing, currentMissing));
    return new Bins(bins);
  }

  private Bins.Bin bin(Bins.Kind kind, String label, long inReference, long inCurrent) {
    return new Bins.Bin(
        kind,
        label,
        inReference,
        inCurrent,
        inReference / (double) Math.max(1, referenceRows),
        inCurrent / (double) Math.max(1, currentRows));
  }
}

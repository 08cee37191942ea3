package dev.telltale.jobs.slices;

import dev.telltale.jobs.engine.BinnedRows;
import dev.telltale.slices.Feature;
import dev.telltale.slices.HeldOut;
import dev.telltale.slices.RowBlock;
import dev.telltale.slices.Slice;
import dev.telltale.slices.SliceCounts;
import dev.telltale.slices.SliceSearch;
import dev.telltale.slices.Strongest;
import dev.telltale.slices.Tally;
import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The search for weak slices in a data set: half of the rows are searched, the other half says
 * whether what was found there is so. Everything counted is whole numbers, so that the answer does
 * not depend on how rows are divided.
 */
public final class WeakSliceSearch {
  /** More are no list to work through. */
  private static final int MOST = 10;

  /** Cells that a task counts at once: with rows and losses 16 MB. */
  private static final int CELLS_AT_ONCE = 1 << 20;

  private final SparkSession spark;
  private final List<BinnedRows.Binning> binnings;
  private final Feature[] features;
  private final int[] bins;
  private final boolean isWrong;

  /**
   * A search.
   *
   * @param isWrong whether losses are 0 for right and 1 for wrong
   */
  public WeakSliceSearch(SparkSession spark, List<BinnedRows.Binning> binnings, boolean isWrong) {
    this.spark = spark;
    this.binnings = new ArrayList<>(binnings);
    this.features = binnings.stream().map(BinnedRows.Binning::feature).toArray(Feature[]::new);
    this.bins = Arrays.stream(features).mapToInt(Feature::bins).toArray();
    this.isWrong = isWrong;
  }

  /**
   * A slice that was found.
   *
   * @param words its conditions in words
   * @param predicate its conditions as SQL over the prediction log
   * @param conditions number of conditions
   * @param heldOut what the held-out rows say of it
   * @param pValue one-sided, of no larger loss than elsewhere, from the held-out rows
   * @param pValueAdjusted corrected by Benjamini-Hochberg over what was found
   */
  public record Found(
      String words,
      String predicate,
      int conditions,
      HeldOut heldOut,
      double pValue,
      double pValueAdjusted) {}

  /**
   * What a search did.
   *
   * @param rows rows that were searched
   * @param triples sets of three features that were counted, of {@code allTriples}
   * @param found slices by excess loss times size, largest first; also those that the held-out rows
   *     do not confirm
   */
  public record Result(long rows, int triples, int allTriples, List<Found> found) {}

  /** Searches; {@code data} is what {@link BinnedRows#of} reads. */
  public Result run(Dataset<Row> data) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<List<BinnedRows.Binning>> shared = context.broadcast(binnings);
    JavaRDD<RowBlock> searched =
        BinnedRows.of(data, shared, false).persist(StorageLevel.MEMORY_AND_DISK_SER());
    try {
      return run(context, searched, BinnedRows.of(data, shared, true));
    } finally {
      searched.unpersist();
    }
  }

  private Result run(
      JavaSparkContext context, JavaRDD<RowBlock> searched, JavaRDD<RowBlock> heldOut) {
    int size = features.length;
    int allTriples = size * (size - 1) * (size - 2) / 6;
    SliceTotals totals =
        searched.aggregate(new SliceTotals(), SliceTotals::add, SliceTotals::merge);
    SliceSearch search =
        new SliceSearch(features, totals.rows, totals.losses, totals.squares, totals.largest);
    if (totals.rows == 0 || size == 0 || search.isPointless()) {
      return new Result(totals.rows, 0, allTriples, List.of());
    }
    Strongest strongest = new Strongest();
    List<Tally> tallies = new ArrayList<>();
    for (List<int[]> sets : portions(SliceSearch.singlesAndPairs(size))) {
      tallies.addAll(counted(searched, sets).values().collect());
    }
    tallies.forEach(tally -> strongest.merge(search.strongest(tally)));
    List<int[]> triples = search.triples(tallies, strongest.needed());
    for (List<int[]> sets : portions(triples)) {
      counted(searched, sets).values().map(search::strongest).collect().forEach(strongest::merge);
    }
    List<Slice> slices = strongest.slices();
    return new Result(
        totals.rows,
        triples.size(),
        allTriples,
        judged(context, search, slices, searched, heldOut));
  }

  private String predicate(Slice slice) {
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < slice.features().length; i++) {
      conditions.add(binnings.get(slice.features()[i]).predicate(slice.conditions()[i]));
    }
    return String.join(" AND ", conditions);
  }

  /** Portions that fit into memory. */
  private List<List<int[]>> portions(List<int[]> sets) {
    List<List<int[]>> portions = new ArrayList<>();
    long cells = Long.MAX_VALUE;
    for (int[] set : sets) {
      long more = Arrays.stream(set).mapToLong(feature -> bins[feature]).reduce(1, (a, b) -> a * b);
      if (cells + more > CELLS_AT_ONCE || portions.isEmpty()) {
        portions.add(new ArrayList<>());
        cells = 0;
      }
      portions.get(portions.size() - 1).add(set);
      cells += more;
    }
    return portions;
  }

  private JavaPairRDD<Integer, Tally> counted(JavaRDD<RowBlock> blocks, List<int[]> sets) {
    ArrayList<int[]> wanted = new ArrayList<>(sets);
    int[] widths = bins;
    return blocks
        .mapPartitionsToPair(iterator -> count(iterator, wanted, widths))
        .reduceByKey(Tally::merge);
  }

  private static Iterator<Tuple2<Integer, Tally>> count(
      Iterator<RowBlock> blocks, List<int[]> sets, int[] widths) {
    List<Tally> tallies = sets.stream().map(set -> new Tally(set, widths)).toList();
    long[] scratch = new long[tallies.stream().mapToInt(Tally::cells).max().orElse(0)];
    while (blocks.hasNext()) {
      RowBlock block = blocks.next();
      tallies.forEach(tally -> tally.add(block, widths, scratch));
    }
    List<Tuple2<Integer, Tally>> out = new ArrayList<>();
    for (int i = 0; i < tallies.size(); i++) {
      out.add(new Tuple2<>(i, tallies.get(i)));
    }
    return out.iterator();
  }

  private List<Found> judged(
      JavaSparkContext context,
      SliceSearch search,
      List<Slice> slices,
      JavaRDD<RowBlock> searched,
      JavaRDD<RowBlock> heldOut) {
    if (slices.isEmpty()) {
      return List.of();
    }
    Broadcast<List<Slice>> shared = context.broadcast(new ArrayList<>(slices));
    Feature[] all = features;
    SliceCounts counts =
        searched.aggregate(
            new SliceCounts(slices.size()),
            (some, block) -> some.addSearched(block, shared.value(), all),
            SliceCounts::merge);
    List<Slice> chosen = search.distinct(slices, counts, MOST).stream().map(slices::get).toList();
    Broadcast<List<Slice>> sharedChosen = context.broadcast(new ArrayList<>(chosen));
    SliceCounts validated =
        heldOut.aggregate(
            new SliceCounts(chosen.size()),
            (some, block) -> some.addHeldOut(block, sharedChosen.value(), all),
            SliceCounts::merge);
    double[] pValues = new double[chosen.size()];
    for (int i = 0; i < pValues.length; i++) {
      pValues[i] = validated.heldOut(i).pValue(isWrong);
    }
    double[] adjusted = MultipleTesting.BENJAMINI_HOCHBERG.adjust(pValues);
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < pValues.length; i++) {
      Slice slice = chosen.get(i);
      found.add(
          new Found(
              slice.words(features),
              predicate(slice),
              slice.features().length,
              validated.heldOut(i),
              pValues[i],
              adjusted[i]));
    }
    found.sort((a, b) -> Double.compare(b.heldOut().excess(), a.heldOut().excess()));
    return found;
  }
}

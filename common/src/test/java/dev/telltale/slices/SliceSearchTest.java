package dev.telltale.slices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SliceSearchTest {
  private static final int FEATURES = 8;
  private static final double RATE = 0.15;

  private final Feature[] features =
      IntStream.range(0, FEATURES)
          .mapToObj(
              f ->
                  f % 2 == 0
                      ? Feature.ofEdges("x" + f, List.of("1", "2", "3", "4", "5", "6", "7"))
                      : Feature.ofLabels("c" + f, List.of("a", "b", "c", "d")))
          .toArray(Feature[]::new);

  private final int[] bins = IntStream.range(0, FEATURES).map(f -> features[f].bins()).toArray();

  /** A finding and what the held-out rows say of it. */
  private record Found(String words, HeldOut heldOut, double adjusted) {}

  @Test
  void conditionsOfAQuantityAreBinsAndUnionsOfNeighbours() {
    Feature feature = Feature.ofEdges("x", List.of("1", "2", "3"));
    List<String> words = IntStream.range(0, feature.conditions()).mapToObj(feature::words).toList();
    assertThat(words)
        .containsExactly(
            "x up to 1",
            "x above 1 up to 2",
            "x above 2 up to 3",
            "x above 3",
            "x up to 2",
            "x above 2",
            "x is missing");
  }

  @Test
  void aPlantedConjunctionOfThreeIsFoundAndSaidOnce() {
    for (int seed = 0; seed < 10; seed++) {
      // x0 in the upper half, c1 = a, x2 in the upper half: 1 / 16 of the rows, twice the errors.
      List<Found> found =
          search(
              new Random(seed),
              40_000,
              (codes, row) ->
                  codes[0][row] >= 4
                      && codes[0][row] < 8
                      && codes[1][row] == 0
                      && codes[2][row] >= 4
                      && codes[2][row] < 8);
      assertThat(found).isNotEmpty();
      assertThat(found.get(0).words()).isEqualTo("x0 above 4 and c1 is a and x2 above 4");
      assertThat(found.get(0).heldOut().mean()).isBetween(0.25, 0.35);
      assertThat(found.stream().filter(one -> one.adjusted() < 0.001)).hasSize(1);
    }
  }

  @Test
  void whereNothingIsToBeFoundFalseDiscoveriesAreAsRareAsStated() {
    int draws = 200;
    int withDiscovery = 0;
    for (int seed = 0; seed < draws; seed++) {
      List<Found> found = search(new Random(1000 + seed), 6_000, (codes, row) -> false);
      withDiscovery += found.stream().anyMatch(one -> one.adjusted() < 0.05) ? 1 : 0;
    }
    if (Boolean.getBoolean("telltale.print")) {
      System.out.println("null searches with a discovery at 0.05: " + withDiscovery + " of 200");
    }
    // Every discovery is false, so that the rate is that of any: 5 % of 200, and 3 sigma more.
    assertThat(withDiscovery).isLessThanOrEqualTo(19);
  }

  @Test
  void whatIsPrunedCouldNotHaveBeenAmongTheStrongest() {
    RowBlock block = block(new Random(7), 30_000, (codes, row) -> codes[0][row] < 2);
    SliceSearch search = of(block);
    List<Tally> tallies = count(block, SliceSearch.singlesAndPairs(FEATURES));
    double weakest = 6;
    List<int[]> triples = search.triples(tallies, weakest);
    TreeSet<String> kept = new TreeSet<>();
    triples.forEach(triple -> kept.add(Arrays.toString(triple)));
    for (int f = 0; f < FEATURES; f++) {
      for (int g = f + 1; g < FEATURES; g++) {
        for (int h = g + 1; h < FEATURES; h++) {
          int[] triple = {f, g, h};
          if (!kept.contains(Arrays.toString(triple))) {
            for (Slice slice : search.strongest(count(block, List.of(triple)).get(0)).slices()) {
              assertThat(slice.score()).isLessThan(weakest);
            }
          }
        }
      }
    }
    assertThat(triples).isNotEmpty();
  }

  @Test
  void ofManyFeaturesTriplesAreMadeOfThoseThatTellSomethingInPairs() {
    int many = SliceSearch.MOST_IN_TRIPLES + 10;
    Feature[] wide = new Feature[many];
    Arrays.setAll(wide, f -> Feature.ofLabels("c" + f, List.of("a", "b", "c")));
    int[] wideBins = Arrays.stream(wide).mapToInt(Feature::bins).toArray();
    Random random = new Random(5);
    byte[][] codes = new byte[many][20_000];
    short[] losses = new short[20_000];
    for (int row = 0; row < losses.length; row++) {
      for (byte[] code : codes) {
        code[row] = (byte) random.nextInt(3);
      }
      boolean in = codes[3][row] == 0 && codes[30][row] == 1 && codes[many - 1][row] == 2;
      losses[row] = (short) (random.nextDouble() < (in ? 3 * RATE : RATE) ? 1 : 0);
    }
    double sum = IntStream.range(0, losses.length).map(row -> losses[row]).sum();
    SliceSearch search = new SliceSearch(wide, losses.length, sum, sum, 1);
    List<Tally> tallies =
        count(new RowBlock(codes, losses), SliceSearch.singlesAndPairs(many), wideBins);
    List<int[]> triples = search.triples(tallies, SliceSearch.LEAST_SCORE);
    assertThat(triples).contains(new int[] {3, 30, many - 1});
    assertThat(triples.stream().flatMapToInt(Arrays::stream).distinct().count())
        .isEqualTo(SliceSearch.MOST_IN_TRIPLES);
  }

  /** Where errors are planted. */
  private interface Planted {
    boolean in(byte[][] codes, int row);
  }

  private RowBlock block(Random random, int rows, Planted planted) {
    byte[][] codes = new byte[FEATURES][rows];
    short[] losses = new short[rows];
    for (int row = 0; row < rows; row++) {
      for (int f = 0; f < FEATURES; f++) {
        codes[f][row] = (byte) random.nextInt(f % 2 == 0 ? 8 : 4);
      }
      double rate = planted.in(codes, row) ? 2 * RATE : RATE;
      losses[row] = (short) (random.nextDouble() < rate ? 1 : 0);
    }
    return new RowBlock(codes, losses);
  }

  private SliceSearch of(RowBlock block) {
    double losses = 0;
    for (short loss : block.losses) {
      losses += loss;
    }
    return new SliceSearch(features, block.rows(), losses, losses, 1);
  }

  private List<Tally> count(RowBlock block, List<int[]> sets) {
    return count(block, sets, bins);
  }

  private static List<Tally> count(RowBlock block, List<int[]> sets, int[] bins) {
    List<Tally> tallies = new ArrayList<>();
    for (int[] set : sets) {
      Tally tally = new Tally(set, bins);
      tally.add(block, bins, new long[tally.cells()]);
      tallies.add(tally);
    }
    return tallies;
  }

  private List<Found> search(Random random, int rows, Planted planted) {
    RowBlock searched = block(random, rows, planted);
    RowBlock heldOut = block(random, rows, planted);
    SliceSearch search = of(searched);
    List<Tally> tallies = count(searched, SliceSearch.singlesAndPairs(FEATURES));
    Strongest strongest = new Strongest();
    tallies.forEach(tally -> strongest.merge(search.strongest(tally)));
    for (Tally tally : count(searched, search.triples(tallies, strongest.needed()))) {
      strongest.merge(search.strongest(tally));
    }
    List<Slice> slices = strongest.slices();
    SliceCounts counts = new SliceCounts(slices.size());
    counts.addSearched(searched, slices, features);
    counts.addHeldOut(heldOut, slices, features);
    List<Integer> chosen = search.distinct(slices, counts, 10);
    double[] adjusted =
        MultipleTesting.BENJAMINI_HOCHBERG.adjust(
            chosen.stream().mapToDouble(i -> counts.heldOut(i).pValue(true)).toArray());
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      int slice = chosen.get(i);
      found.add(new Found(slices.get(slice).words(features), counts.heldOut(slice), adjusted[i]));
    }
    return found;
  }
}

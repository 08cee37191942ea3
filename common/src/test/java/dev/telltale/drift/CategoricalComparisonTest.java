package dev.telltale.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.profile.Anchors;
import dev.telltale.profile.CategoryState;
import dev.telltale.profile.ColumnKind;
import dev.telltale.profile.ColumnState;
import dev.telltale.stats.ContingencyTable;
import dev.telltale.stats.ProportionTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CategoricalComparisonTest {
  private static CategoryState state(Anchors anchors, Map<String, Long> counts, long nulls) {
    CategoryState state = (CategoryState) ColumnState.create(ColumnKind.CATEGORICAL, anchors);
    counts.forEach(state::add);
    state.addNulls(nulls);
    return state;
  }

  private static Anchors learned(Map<String, Long> counts) {
    return state(Anchors.learn(Anchors.MAX_CATEGORIES), counts, 0).learned();
  }

  private static Map<String, Long> counts(List<Long> rows) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i) > 0) {
        counts.put("category " + i, rows.get(i));
      }
    }
    return counts;
  }

  @Property(tries = 300)
  void statesDecideAsTheCountsThatTheyHoldDo(
      @ForAll @Size(8) List<@LongRange(min = 0, max = 40) Long> before,
      @ForAll @Size(8) List<@LongRange(min = 0, max = 400) Long> now,
      @ForAll @LongRange(min = 0, max = 20) long missing,
      @ForAll @LongRange(min = 0, max = 20) long missingNow) {
    Map<String, Long> reference = counts(before);
    Map<String, Long> current = counts(now);
    Anchors anchors = learned(reference);
    Comparison states =
        CategoricalComparison.of(
            state(anchors, reference, missing), state(anchors, current, missingNow));
    Comparison raw = CategoricalComparison.ofCounts(reference, missing, current, missingNow);

    assertThat(states.driftTest().isPresent()).isEqualTo(raw.driftTest().isPresent());
    states
        .driftTest()
        .ifPresent(
            test ->
                // The categories come in another order.
                assertThat(test.pValue())
                    .isCloseTo(raw.driftTest().orElseThrow().pValue(), within(1e-12)));
    assertThat(states.novelty()).isEqualTo(raw.novelty());
    assertThat(states.constancy()).isEqualTo(raw.constancy());
    assertThat(states.currentRows()).isEqualTo(raw.currentRows());
  }

  @Test
  void theMetricsOfStatesHaveOneBinForAllNewCategories() {
    Map<String, Long> reference = Map.of("a", 60L, "b", 40L);
    Map<String, Long> current = Map.of("a", 50L, "b", 30L, "c", 12L, "d", 8L);
    Anchors anchors = learned(reference);
    Comparison states =
        CategoricalComparison.of(state(anchors, reference, 0), state(anchors, current, 0));

    assertThat(states.metric(Metrics.TOTAL_VARIATION).orElseThrow().value())
        .isCloseTo(0.2, within(1e-12)); // rounding
    assertThat(states.metric(Metrics.L_INFINITY).orElseThrow().value())
        .isCloseTo(0.2, within(1e-12));
    assertThat(states.metric(Metrics.CHI_SQUARED).orElseThrow().degreesOfFreedom()).hasValue(2);
    // The test that decides tells c from d.
    assertThat(states.driftTest())
        .contains(
            new Comparison.DriftTest(
                "chi_squared of few rows a category",
                ContingencyTable.of(new long[] {60, 40, 0, 0}, new long[] {50, 30, 12, 8})
                    .matchedChiSquareTest()
                    .pValue(),
                false));
    assertThat(states.bins().list())
        .extracting(Bins.Bin::label)
        .containsExactly("a", "b", "other categories", "missing");
  }

  @Test
  void theTestThatDecidesIsNamedForWhatItIs() {
    assertThat(test(Map.of("a", 600L, "b", 400L), Map.of("a", 500L, "b", 500L)))
        .isEqualTo("chi_squared");
    assertThat(test(Map.of("a", 12L, "b", 4L), Map.of("a", 10L, "b", 5L)))
        .isEqualTo("chi_squared of few rows a category");
    assertThat(test(Map.of("a", 600L, "b", 400L, "c", 1L), Map.of("a", 500L, "b", 500L)))
        .isEqualTo("chi_squared with rare categories pooled");
    Map<String, Long> reference = Map.of("a", 600L, "b", 400L);
    Map<String, Long> current = Map.of("a", 500L, "c", 300L, "d", 300L);
    Anchors anchors = learned(reference);
    assertThat(
            CategoricalComparison.of(state(anchors, reference, 0), state(anchors, current, 0))
                .driftTest())
        .hasValueSatisfying(
            test -> {
              assertThat(test.name()).isEqualTo("chi_squared of every category");
              assertThat(test.metric()).isFalse();
            });
  }

  private static String test(Map<String, Long> reference, Map<String, Long> current) {
    return CategoricalComparison.ofCounts(reference, 0, current, 0)
        .driftTest()
        .orElseThrow()
        .name();
  }

  @Test
  void newCategoriesAreHeldAgainstThoseThatASampleMisses() {
    Map<String, Long> reference = Map.of("a", 95L, "b", 4L, "c", 1L);
    Map<String, Long> current = Map.of("a", 180L, "d", 15L, "e", 5L);
    Comparison.Novelty novelty = CategoricalComparison.ofCounts(reference, 7, current, 9).novelty();

    // One category of a single row in 100: as much as the reference may have missed.
    assertThat(novelty)
        .isEqualTo(
            new Comparison.Novelty(
                CheckKind.NEW_CATEGORY, 0.1, ProportionTest.greater(20, 200, 1, 100)));
    assertThat(CategoricalComparison.ofCounts(current, 0, current, 0).novelty())
        .isEqualTo(new Comparison.Novelty(CheckKind.NEW_CATEGORY, 0, 1));
  }

  @Test
  void aColumnThatStopsOrBeginsToVaryIsSeen() {
    Map<String, Long> varying = Map.of("a", 30L, "b", 70L);
    Map<String, Long> constant = Map.of("a", 50L);
    double p = ProportionTest.greater(50, 50, 30, 100);
    assertThat(CategoricalComparison.ofCounts(varying, 0, constant, 5).constancy())
        .isEqualTo(new Comparison.Constancy(false, true, 0.7, p));
    assertThat(CategoricalComparison.ofCounts(constant, 0, varying, 5).constancy())
        .isEqualTo(new Comparison.Constancy(true, false, 0.7, p));
  }

  @Test
  void aColumnThatIsStuckAtANewCategoryIsStuck() {
    Map<String, Long> reference = Map.of("a", 30L, "b", 70L);
    Anchors anchors = learned(reference);
    CategoryState before = state(anchors, reference, 0);
    assertThat(CategoricalComparison.of(before, state(anchors, Map.of("x", 40L), 0)).constancy())
        .isEqualTo(
            new Comparison.Constancy(false, true, 1, ProportionTest.greater(40, 40, 0, 100)));
    assertThat(
            CategoricalComparison.of(before, state(anchors, Map.of("x", 39L, "y", 1L), 0))
                .constancy())
        .isEqualTo(new Comparison.Constancy(false, false, 0, 1));
  }

  @Test
  void nullsAreABinOfTheirOwn() {
    Map<String, Long> same = Map.of("a", 50L, "b", 50L);
    Comparison comparison = CategoricalComparison.ofCounts(same, 0, same, 100);
    assertThat(comparison.metric(Metrics.TOTAL_VARIATION).orElseThrow().value()).isEqualTo(0.5);
    assertThat(comparison.driftTest().orElseThrow().pValue()).isLessThan(1e-10);
    assertThat(comparison.bins().list())
        .last()
        .isEqualTo(new Bins.Bin(Bins.Kind.MISSING, "missing", 0, 100, 0, 0.5));
  }

  @Test
  void aSideWithoutValuesIsNotTested() {
    Map<String, Long> some = Map.of("a", 5L);
    assertThat(CategoricalComparison.ofCounts(some, 0, Map.of(), 3).driftTest()).isEmpty();
    assertThat(CategoricalComparison.ofCounts(some, 0, Map.of(), 0).metrics()).isEmpty();
  }

  @Test
  void statesOverDifferentAnchorsAreRefused() {
    CategoryState one = state(Anchors.ofLabels(List.of("a"), false), Map.of("a", 1L), 0);
    CategoryState other = state(Anchors.ofLabels(List.of("b"), false), Map.of("a", 1L), 0);
    assertThatThrownBy(() -> CategoricalComparison.of(one, other))
        .hasMessage("States over different baselines do not compare");
  }
}

package dev.telltale.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CategoryStateTest {
  private static final Anchors LABELS = Anchors.ofLabels(List.of("c1", "c2", "c3"), false);

  private static CategoryState state(List<Integer> values) {
    CategoryState state = new CategoryState(LABELS);
    values.forEach(value -> state.add("c" + value, 1));
    return state;
  }

  @Property(tries = 300)
  void partsInAnyOrderMergeToTheWhole(
      @ForAll @Size(max = 60) List<@IntRange(max = 9) Integer> values,
      @ForAll @IntRange(max = 60) int cut) {
    int split = Math.min(cut, values.size());
    CategoryState forwards = state(values.subList(0, split));
    forwards.merge(state(values.subList(split, values.size())));
    CategoryState backwards = state(values.subList(split, values.size()));
    backwards.merge(state(values.subList(0, split)));

    assertThat(forwards.toBytes()).isEqualTo(state(values).toBytes());
    assertThat(backwards.toBytes()).isEqualTo(state(values).toBytes());
    assertThat(forwards.values()).isEqualTo(values.size());
    assertThat(forwards.distinct()).isEqualTo((double) values.stream().distinct().count());
  }

  @Test
  void categoriesAreCountedByName() {
    CategoryState state = state(List.of(1, 1, 2, 9, 9, 9, 8));
    state.addNulls(2);
    assertThat(state.rows()).isEqualTo(9);
    assertThat(state.known()).containsExactly(2, 1, 0);
    assertThat(state.unseen()).isEqualTo(4);
    assertThat(state.unseenItems()).isEqualTo(Map.of("c9", 3L, "c8", 1L));
    assertThat(state.frequentItems(2)).containsExactly(Map.entry("c9", 3L), Map.entry("c1", 2L));
  }

  @Test
  void beyondAThousandNewCategoriesRowsAreExactAndNamesAreNot() {
    CategoryState first = new CategoryState(LABELS);
    CategoryState second = new CategoryState(LABELS);
    for (int i = 0; i < 20_000; i++) {
      first.add("one " + i, 1);
      second.add(i % 2 == 0 ? "one " + i : "two " + i, 1);
    }
    first.add("often", 9_000);
    first.merge(second);

    assertThat(first.exact()).isFalse();
    assertThat(first.unseen()).isEqualTo(49_000);
    // Three of its standard errors.
    assertThat(first.distinct()).isCloseTo(30_001, withinPercentage(4.8));
    assertThat(first.frequentItems(1)).containsOnlyKeys("often");
    assertThat(first.frequentItems(1).get("often"))
        .isBetween(9_000L, 9_000L + first.frequentItemsError());
    assertThat(first.toBytes().length).isLessThan(60_000);
  }

  @Test
  void aCategoryOfAnotherNameKeepsItsCounts() {
    CategoryState state = state(List.of(1, 1, 2, 9, 9, 9, 8));
    byte[] renamed = StateFormat.renamed(state.toBytes(), LABELS, "c9", "(erased)");
    CategoryState read = (CategoryState) StateFormat.read(renamed, LABELS);
    assertThat(read.unseenItems()).isEqualTo(Map.of("(erased)", 3L, "c8", 1L));
    assertThat(read.known()).isEqualTo(state.known());
    assertThat(read.rows()).isEqualTo(state.rows());
    // A second one of the name is counted with the first.
    byte[] both = StateFormat.renamed(renamed, LABELS, "c8", "(erased)");
    assertThat(((CategoryState) StateFormat.read(both, LABELS)).unseenItems())
        .isEqualTo(Map.of("(erased)", 4L));
    assertThat(StateFormat.renamed(renamed, LABELS, "nobody", "(erased)")).isEqualTo(renamed);

    Anchors anchors = LABELS.renamed("c1", "(erased)").renamed("c2", "(erased)");
    assertThat(anchors.labels()).startsWith("(erased)", "(erased) 2");
    CategoryState over = (CategoryState) StateFormat.read(both, anchors);
    assertThat(over.frequentItems(1)).isEqualTo(Map.of("(erased)", 4L));
    assertThat(over.known()).isEqualTo(state.known());
  }

  @Test
  void aCategoryAmongVeryManyIsRenamed() {
    CategoryState state = new CategoryState(LABELS);
    for (int i = 0; i < 5_000; i++) {
      state.add("one " + i, 1);
    }
    state.add("somebody", 9_000);
    byte[] bytes = state.toBytes();
    byte[] renamed = StateFormat.renamed(bytes, LABELS, "somebody", "(erased)");
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains("somebody");
    assertThat(new String(renamed, StandardCharsets.ISO_8859_1)).doesNotContain("somebody");
    CategoryState read = (CategoryState) StateFormat.read(renamed, LABELS);
    assertThat(read.frequentItems(1))
        .isEqualTo(Map.of("(erased)", state.frequentItems(1).get("somebody")));
    assertThat(read.frequentItemsError()).isEqualTo(state.frequentItemsError());
    assertThat(read.distinct()).isEqualTo(state.distinct());
    assertThat(read.rows()).isEqualTo(state.rows());
  }

  @Test
  void longTextsAreCutAndStayDifferent() {
    String text = "\ud83d\ude00".repeat(100);
    CategoryState state = new CategoryState(LABELS);
    state.add(text + "a", 1);
    state.add(text + "b", 2);
    assertThat(state.distinct()).isEqualTo(2);
    assertThat(state.maxLength()).isEqualTo(101);
    assertThat(state.unseenItems().keySet()).allMatch(label -> label.length() <= 128);
  }
}

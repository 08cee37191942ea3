package dev.telltale.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class AlertMachinePropertyTest {
  private static final Subject OTHER = Story.subject("arr_delay");

  @Provide
  Arbitrary<AlertPolicy> policies() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 5),
            Arbitraries.integers().between(1, 5),
            Arbitraries.integers().between(1, 4),
            Arbitraries.integers().between(0, 6))
        .as(
            (windows, required, closeAfter, coolDown) ->
                new AlertPolicy(
                    Math.max(windows, required),
                    Math.min(windows, required),
                    closeAfter,
                    coolDown));
  }

  @Provide
  Arbitrary<String> stories() {
    return Arbitraries.strings().withChars("WC--? ").ofMinLength(1).ofMaxLength(60);
  }

  @Property
  void carryingTheAlertsForwardEqualsReplayingEverything(
      @ForAll("policies") AlertPolicy policy,
      @ForAll("stories") String story,
      @ForAll @IntRange(min = 0, max = 60) int cut) {
    List<ObservedWindow> windows = Story.windows(story);
    int split = Math.min(cut, windows.size());
    List<List<Alert>> full = Story.replay(policy, story);
    List<Alert> before = split == 0 ? List.of() : full.get(split - 1);

    assertThat(Story.replay(policy, before, windows.subList(split, windows.size()), Map.of()))
        .isEqualTo(full.subList(split, full.size()));
  }

  @Property
  void aWindowThatJudgesNothingIsAsThoughItWereNotThere(
      @ForAll("policies") AlertPolicy policy, @ForAll("stories") String story) {
    List<ObservedWindow> windows = Story.windows(story);
    List<List<Alert>> full = Story.replay(policy, story);
    List<ObservedWindow> judged = new ArrayList<>();
    List<List<Alert>> expected = new ArrayList<>();
    for (int i = 0; i < story.length(); i++) {
      if (story.charAt(i) != '?' && story.charAt(i) != ' ') {
        judged.add(windows.get(i));
        expected.add(full.get(i));
      } else {
        assertThat(full.get(i)).isEqualTo(i == 0 ? List.of() : full.get(i - 1));
      }
    }

    assertThat(Story.replay(policy, List.of(), judged, Map.of())).isEqualTo(expected);
  }

  @Property
  void agreesWithTheRulesWrittenAsArithmetic(
      @ForAll("policies") AlertPolicy policy, @ForAll("stories") String story) {
    assertThat(active(Story.replay(policy, story))).isEqualTo(expectedActive(policy, story));
  }

  @Property
  void neverOpensWithinTheCoolDown(
      @ForAll("policies") AlertPolicy policy, @ForAll("stories") String story) {
    List<List<Alert>> states = Story.replay(policy, story);
    List<Boolean> active = active(states);
    int sinceClosing = Integer.MAX_VALUE;
    Set<String> episodes = new HashSet<>();
    for (int i = 0; i < states.size(); i++) {
      boolean before = i > 0 && active.get(i - 1);
      if (before && !active.get(i)) {
        sinceClosing = 0;
      } else if (story.charAt(i) != '?' && story.charAt(i) != ' ' && sinceClosing < 1_000) {
        sinceClosing++;
      }
      if (active.get(i) && !before) {
        assertThat(sinceClosing).isGreaterThan(policy.coolDown());
        assertThat(episodes.add(states.get(i).get(0).id())).isTrue();
        assertThat(states.get(i).get(0).windowsFiring()).isGreaterThanOrEqualTo(policy.required());
      }
    }
  }

  @Property
  void subjectsDoNotTouchEachOther(
      @ForAll("policies") AlertPolicy policy,
      @ForAll("stories") String one,
      @ForAll("stories") String two) {
    int length = Math.min(one.length(), two.length());
    // A window is profiled for all subjects or for none.
    String left = one.substring(0, length).replace(' ', '-');
    String right = two.substring(0, length).replace(' ', '-');
    Map<Subject, String> stories = new HashMap<>();
    stories.put(Story.SUBJECT, left);
    stories.put(OTHER, right);
    List<List<Alert>> together = Story.replay(policy, List.of(), Story.windows(stories), Map.of());
    List<List<Alert>> alone = Story.replay(policy, left);
    for (int i = 0; i < length; i++) {
      assertThat(together.get(i).stream().filter(a -> a.subject().equals(Story.SUBJECT)).toList())
          .isEqualTo(alone.get(i));
      assertThat(together.get(i))
          .isSortedAccordingTo((a, b) -> a.subject().key().compareTo(b.subject().key()));
    }
  }

  private static List<Boolean> active(List<List<Alert>> states) {
    return states.stream()
        .map(state -> !state.isEmpty() && state.get(0).status().isActive())
        .toList();
  }

  /** The rules once more, over the judged windows by their numbers. */
  private static List<Boolean> expectedActive(AlertPolicy policy, String story) {
    List<Boolean> result = new ArrayList<>();
    List<Boolean> fires = new ArrayList<>();
    boolean open = false;
    int closedAt = -1 - policy.coolDown() - 1;
    int evidenceFrom = 0;
    for (int i = 0; i < story.length(); i++) {
      char symbol = story.charAt(i);
      if (symbol != '?' && symbol != ' ') {
        fires.add(symbol != '-');
        int now = fires.size() - 1;
        if (open) {
          open = lastFire(fires) > now - policy.closeAfter();
          closedAt = now;
          evidenceFrom = now + 1;
        } else if (fires.get(now) && now - closedAt > policy.coolDown()) {
          long count =
              fires.subList(Math.max(evidenceFrom, now + 1 - policy.windows()), now + 1).stream()
                  .filter(fire -> fire)
                  .count();
          open = count >= policy.required();
        }
      }
      result.add(open);
    }
    return result;
  }

  private static int lastFire(List<Boolean> fires) {
    return fires.lastIndexOf(true);
  }
}

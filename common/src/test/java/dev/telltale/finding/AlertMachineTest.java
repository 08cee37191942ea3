package dev.telltale.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertMachineTest {
  private static final AlertPolicy DEFAULT = new AlertPolicy(3, 2, 2, 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // windows,required,closeAfter,coolDown|what happened|how the alert stood
        "3,2,2,1|WW|PO",
        "3,2,2,1|W-W|PPO",
        "3,2,2,1|W--W|PPPP",
        "3,2,2,1|W---|PPP.",
        "3,2,2,1|WW-W--|POOOOC",
        // The cool-down is one judged window; what fires in it counts afterwards.
        "3,2,2,1|WW--WW|POOCCO",
        "3,2,2,1|WW---WW|POOCCPO",
        "3,2,2,1|WW----|POOCC.",
        "2,1,1,0|W-W|OCO",
        "2,1,1,2|W-WWW|OCCCO",
        "1,1,1,0|W-|OC",
        // An episode stands on its own windows, not on those of the one before.
        "5,2,1,0|WW-W-W|POCPPO",
        // Too little data and no data judge nothing.
        "3,2,2,1|W?W|PPO",
        "3,2,2,1|W ? W|PPPPO",
        "3,2,2,1|WW-?-|POOOC",
        "3,2,2,1|WW- ??|POOOOO",
        "3,2,2,1|WW-- W|POOCCC",
        "3,2,2,1|?? -|....",
        "3,3,2,0|WW? W|PPPPO",
      })
  void followsTheRules(String policy, String story, String statuses) {
    String[] rule = policy.split(",");
    AlertPolicy parsed =
        new AlertPolicy(
            Integer.parseInt(rule[0]),
            Integer.parseInt(rule[1]),
            Integer.parseInt(rule[2]),
            Integer.parseInt(rule[3]));
    assertThat(Story.statuses(Story.replay(parsed, story))).isEqualTo(statuses);
  }

  @Test
  void anEpisodeSaysWhatItStandsOn() {
    List<List<Alert>> states = Story.replay(DEFAULT, "W-CW--");

    Alert opened = states.get(2).get(0);
    assertThat(opened.status()).isEqualTo(AlertStatus.OPEN);
    assertThat(opened.firstSeen()).isEqualTo(Story.day(0));
    assertThat(opened.opened()).contains(Story.day(3));
    assertThat(opened.lastSeen()).isEqualTo(Story.day(2));
    assertThat(opened.windowsFiring()).isEqualTo(2);
    assertThat(opened.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(opened.because())
        .isEqualTo(
            "In 2 of the last 3 judged windows; 2 of 3 open an alert."
                + " js_distance 0.2 is at least 0.1.");

    Alert closed = states.get(5).get(0);
    assertThat(closed.id()).isEqualTo(opened.id());
    assertThat(closed.status()).isEqualTo(AlertStatus.CLOSED);
    assertThat(closed.closed()).contains(Story.day(6));
    assertThat(closed.lastSeen()).isEqualTo(Story.day(3));
    assertThat(closed.windowsFiring()).isEqualTo(3);
    assertThat(closed.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(closed.because()).isEqualTo("Absent from the last 2 judged windows; 2 close it.");
  }

  @Test
  void evidenceThatDroppedOutDoesNotDateTheEpisode() {
    List<List<Alert>> states = Story.replay(DEFAULT, "C--WW");
    Alert opened = states.get(4).get(0);
    assertThat(opened.firstSeen()).isEqualTo(Story.day(3));
    assertThat(opened.severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void openingAgainIsANewEpisode() {
    List<List<Alert>> states = Story.replay(DEFAULT, "WW---WW");
    Alert first = states.get(1).get(0);
    Alert second = states.get(6).get(0);
    assertThat(second.status()).isEqualTo(AlertStatus.OPEN);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.firstSeen()).isEqualTo(Story.day(5));
  }

  @Test
  void anAcknowledgementHoldsUntilTheEpisodeCloses() {
    String story = "WWW--WWW";
    String first = Story.replay(DEFAULT, story).get(1).get(0).id();
    Acknowledgement who = new Acknowledgement(Story.day(90), "ada");

    List<List<Alert>> states =
        Story.replay(DEFAULT, List.of(), Story.windows(story), Map.of(first, who));

    assertThat(Story.statuses(states)).isEqualTo("PAAACCOO");
  }

  @Test
  void anAcknowledgementBetweenTwoNightsIsOnTheRowThatCloses() {
    List<ObservedWindow> windows = Story.windows("WW--");
    List<Alert> open = Story.replay(DEFAULT, List.of(), windows.subList(0, 3), Map.of()).get(2);
    Acknowledgement who = new Acknowledgement(Story.day(90), "ada");
    Map<String, Acknowledgement> acknowledged = Map.of(open.get(0).id(), who);

    List<Alert> carried = Story.replay(DEFAULT, open, windows.subList(3, 4), acknowledged).get(0);
    List<Alert> again = Story.replay(DEFAULT, List.of(), windows, acknowledged).get(3);

    assertThat(carried).isEqualTo(again);
    assertThat(carried.get(0).status()).isEqualTo(AlertStatus.CLOSED);
    assertThat(carried.get(0).acknowledgement()).isEqualTo(Optional.of(who));
  }

  @Test
  void aWindowThatFiresAndLacksDataFires() {
    Finding firing = Story.finding(Story.SUBJECT, 0, 'W');
    Finding lacking = Story.finding(Story.SUBJECT, 0, '?');
    for (List<Finding> findings : List.of(List.of(firing, lacking), List.of(lacking, firing))) {
      ObservedWindow window = new ObservedWindow(Story.day(0), Story.day(1), true, findings);
      assertThat(Story.statuses(Story.replay(DEFAULT, List.of(), List.of(window), Map.of())))
          .isEqualTo("P");
    }
  }
}

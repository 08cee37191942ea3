package dev.telltale.finding;

import dev.telltale.config.Granularity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Windows written as a string, one character a day: {@code W} and {@code C} fire as WARNING and
 * CRITICAL, {@code -} is quiet, {@code ?} has too little data, a space has no profile.
 */
final class Story {
  static final Instant START = Instant.parse("2001-03-01T00:00:00Z");
  static final Subject SUBJECT = subject("dep_delay");

  private Story() {}

  static Subject subject(String column) {
    return new Subject(
        "flights-delay",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        column,
        Kind.DRIFT,
        Optional.of("BASELINE"),
        "js_distance");
  }

  static Instant day(int index) {
    return START.plusSeconds(86_400L * index);
  }

  static List<ObservedWindow> windows(String story) {
    return windows(Map.of(SUBJECT, story));
  }

  static List<ObservedWindow> windows(Map<Subject, String> stories) {
    int length = stories.values().iterator().next().length();
    List<ObservedWindow> windows = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      List<Finding> findings = new ArrayList<>();
      boolean profiled = false;
      for (Map.Entry<Subject, String> story : stories.entrySet()) {
        char symbol = story.getValue().charAt(i);
        profiled |= symbol != ' ';
        if (symbol != ' ' && symbol != '-') {
          findings.add(finding(story.getKey(), i, symbol));
        }
      }
      windows.add(new ObservedWindow(day(i), day(i + 1), profiled, findings));
    }
    return windows;
  }

  static Finding finding(Subject subject, int index, char symbol) {
    return new Finding(
        subject,
        "drift",
        Granularity.DAY,
        day(index),
        day(index + 1),
        symbol == '?' ? OptionalDouble.empty() : OptionalDouble.of(0.2),
        OptionalDouble.of(0.1),
        OptionalDouble.empty(),
        symbol == 'C' ? Severity.CRITICAL : symbol == 'W' ? Severity.WARNING : Severity.INFO,
        symbol == '?' ? FindingStatus.INSUFFICIENT_DATA : FindingStatus.FIRING,
        day(index),
        "js_distance 0.2 is at least 0.1.");
  }

  static List<List<Alert>> replay(AlertPolicy policy, String story) {
    return replay(policy, List.of(), windows(story), Map.of());
  }

  static List<List<Alert>> replay(
      AlertPolicy policy,
      List<Alert> before,
      List<ObservedWindow> windows,
      Map<String, Acknowledgement> acknowledgements) {
    AlertMachine machine = new AlertMachine(policy, Granularity.DAY);
    List<List<Alert>> states = new ArrayList<>();
    List<Alert> state = before;
    for (ObservedWindow window : windows) {
      state = machine.after(state, window, acknowledgements);
      states.add(state);
    }
    return states;
  }

  /** One letter a window: the first of the status, or a dot for no alert. */
  static String statuses(List<List<Alert>> states) {
    StringBuilder letters = new StringBuilder();
    for (List<Alert> state : states) {
      letters.append(state.isEmpty() ? "." : state.get(0).status().name().substring(0, 1));
    }
    return letters.toString();
  }
}

package dev.telltale.jobs.bench;

import dev.telltale.jobs.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs contenders in turn, round by round, so that a noisy minute of the machine hits them all. A
 * first round warms up and is not counted.
 */
final class Rounds {
  private static final double NANOS_PER_SECOND = 1e9;

  private Rounds() {}

  static List<Measured> run(List<Contender> contenders, int rounds, Progress progress) {
    List<List<Double>> seconds = new ArrayList<>();
    long[] peaks = new long[contenders.size()];
    String[] answers = new String[contenders.size()];
    contenders.forEach(contender -> seconds.add(new ArrayList<>()));
    int steps = (rounds + 1) * contenders.size();
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        progress.started(
            contenders.get(i).name() + (round == 0 ? ", warming up" : ", round " + round),
            round * contenders.size() + i,
            steps);
        try (PeakHeap heap = new PeakHeap()) {
          long start = System.nanoTime();
          answers[i] = contenders.get(i).work().get();
          double took = (System.nanoTime() - start) / NANOS_PER_SECOND;
          if (round > 0) {
            seconds.get(i).add(took);
            peaks[i] = Math.max(peaks[i], heap.bytes());
          }
        }
      }
    }
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      measured.add(
          new Measured(
              contenders.get(i).name(), List.copyOf(seconds.get(i)), peaks[i], answers[i]));
    }
    return measured;
  }
}

package dev.telltale.experiment;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Two arms at random: levels of either sign, some near zero, some far away; correlated or not.
 *
 * @param alpha level for it
 */
record RandomPair(ArmPair pair, double alpha) {
  static List<RandomPair> many(int number) {
    SplittableRandom random = new SplittableRandom(31);
    return IntStream.range(0, number).mapToObj(any -> draw(random)).toList();
  }

  private static RandomPair draw(SplittableRandom random) {
    double controlError = Math.exp(2 * Samples.normal(random));
    double variantError = Math.exp(2 * Samples.normal(random));
    double correlation = random.nextBoolean() ? 0 : random.nextDouble(-0.95, 0.95);
    double scale = controlError * Math.pow(10, random.nextDouble(-1, 4));
    double control = scale * Samples.normal(random);
    double variant = control + 3 * (controlError + variantError) * Samples.normal(random);
    double alpha = random.nextDouble(0.001, 0.3);
    return new RandomPair(
        new ArmPair(
            control,
            variant,
            controlError * controlError,
            variantError * variantError,
            correlation * controlError * variantError,
            random.nextInt(1, 300),
            random.nextInt(1, 300),
            false,
            List.of()),
        alpha);
  }
}

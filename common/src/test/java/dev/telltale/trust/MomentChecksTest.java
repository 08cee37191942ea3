package dev.telltale.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.config.ExperimentMetric;
import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.stats.Numbers;
import dev.telltale.trust.TrustCheck.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class MomentChecksTest {
  @ParameterizedTest
  @CsvFileSource(
      resources = "contrasts.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void differencesAreThoseOfSciPy(
      String control,
      String variant,
      double secondT,
      double secondP,
      double changeT,
      double changeP) {
    ArmState a = Looks.arm(2, Numbers.doubles(control));
    ArmState b = Looks.arm(2, Numbers.doubles(variant));
    TrustCheck before =
        new Looks().preDays(14).arm("A", a).arm("B", b).one(new PreExposureBiasCheck());
    assertThat(before.statistic()).isCloseTo(secondT, within(1e-10));
    assertThat(before.pValue().orElseThrow()).isCloseTo(secondP, within(1e-10 * secondP));
    assertThat(before.pValueAdjusted()).isEqualTo(before.pValue());
    assertThat(before.status()).isEqualTo(secondP < 0.001 ? Status.WARNING : Status.OK);
    TrustCheck change =
        new Looks()
            .halves(new TrustData.Halves("revenue", "B", a.moments(0), b.moments(0)))
            .one(new NoveltyCheck());
    assertThat(change.statistic()).isCloseTo(changeT, within(1e-10));
    assertThat(change.pValue().orElseThrow()).isCloseTo(changeP, within(1e-10 * changeP));
    assertThat(change.status()).isEqualTo(changeP < 0.01 ? Status.WARNING : Status.OK);
  }

  @Test
  void aDifferenceFromBeforeIsSaidOfItsMetricAndVariant() {
    ExperimentMetric ratio = Looks.metric("rate", ExperimentMetric.Kind.RATIO);
    Looks look = new Looks().metrics(ratio).preDays(7).arm("A", ratio(1, 2)).arm("B", ratio(2, 3));
    TrustCheck found = look.one(new PreExposureBiasCheck());
    assertThat(found.status()).isEqualTo(Status.WARNING);
    assertThat(found.metric()).contains("rate");
    assertThat(found.variant()).contains("B");
    assertThat(found.because())
        .contains("Before the exposure rate was", "higher in B than in A, +", "earlier experiment");
    assertThat(look.arm("B", ratio(2, 2)).one(new PreExposureBiasCheck()).status())
        .isEqualTo(Status.OK);
    assertThat(new PreExposureBiasCheck().of(look.preDays(0).data())).isEmpty();
  }

  /** Numerator, denominator, and both of the days before, at this level. */
  private static ArmState ratio(long seed, double before) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[4 * 200];
    for (int at = 0; at < values.length; at += 4) {
      double visits = 1 + random.nextInt(5);
      values[at] = visits * random.nextDouble(9);
      values[at + 1] = visits;
      values[at + 2] = visits * before * random.nextDouble(0.5, 1.5);
      values[at + 3] = visits;
    }
    return Looks.arm(4, values);
  }

  @Test
  void theFamilyIsAllMetricsAndVariants() {
    Looks look =
        new Looks()
            .metrics(
                Looks.metric("revenue", ExperimentMetric.Kind.SUM),
                Looks.metric("orders", ExperimentMetric.Kind.COUNT))
            .preDays(7);
    for (String variant : List.of("A", "B")) {
      SplittableRandom random = new SplittableRandom(variant.hashCode());
      ArmState arm = new ArmState(2, 2);
      for (int i = 0; i < 200; i++) {
        arm.add(0, new double[] {0, random.nextDouble()}, -1);
        arm.add(1, new double[] {0, random.nextDouble()}, -1);
      }
      look.arm(variant, arm);
    }
    List<TrustCheck> found = new PreExposureBiasCheck().of(look.data());
    assertThat(found).hasSize(2);
    for (TrustCheck one : found) {
      assertThat(one.pValueAdjusted().orElseThrow())
          .isCloseTo(Math.min(1, 2 * one.pValue().orElseThrow()), within(1e-15));
    }
  }

  @Test
  void anEffectFadesOrGrows() {
    TrustCheck fades = halves(1, 0.2);
    assertThat(fades.status()).isEqualTo(Status.WARNING);
    assertThat(fades.because()).startsWith("The effect of B on revenue fades: ").contains("new to");
    assertThat(halves(-1, -0.2).because()).contains("B on revenue fades: -");
    assertThat(halves(0.2, 1).because()).contains("B on revenue grows: ", "learn");
    assertThat(halves(-0.2, -1).because()).contains("B on revenue grows: -");
    assertThat(halves(0, 1).because()).contains("grows");
    assertThat(halves(1, 1).status()).isEqualTo(Status.OK);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrustData.Halves("m", "B", new CrossMoments(1), new CrossMoments(2)))
        .withMessageContaining("1 and 2 columns");
  }

  private static TrustCheck halves(double first, double later) {
    double[][] covariances = {{1, 0.8}, {0.8, 1}};
    return new Looks()
        .halves(
            new TrustData.Halves(
                "revenue",
                "B",
                CrossMoments.of(1_000, new double[] {5, 3}, covariances),
                CrossMoments.of(1_000, new double[] {5 + first, 3 + later}, covariances)))
        .one(new NoveltyCheck());
  }

  @ParameterizedTest
  @CsvFileSource(
      resources = "outliers.csv",
      useHeadersInDisplayName = true,
      maxCharsPerColumn = 20_000)
  void movesAreThoseOfNumPy(boolean isRatio, String control, String variant, double move) {
    ExperimentMetric metric =
        Looks.metric("revenue", isRatio ? ExperimentMetric.Kind.RATIO : ExperimentMetric.Kind.SUM);
    TrustCheck found =
        new Looks()
            .metrics(metric)
            .arm("A", Looks.arm(2, Numbers.doubles(control)))
            .arm("B", Looks.arm(2, Numbers.doubles(variant)))
            .one(new OutliersCheck());
    assertThat(found.statistic()).isCloseTo(move, within(1e-9));
    assertThat(found.status()).isEqualTo(move > 0.5 ? Status.WARNING : Status.OK);
  }

  @Test
  void theUnitThatCarriesAnEffectIsTold() {
    double[] ours = uniform(1);
    double[] theirs = uniform(2);
    theirs[17] = 500;
    Looks look = new Looks().arm("A", Looks.arm(1, ours)).arm("B", Looks.arm(1, theirs));
    TrustCheck found = look.one(new OutliersCheck());
    assertThat(found.status()).isEqualTo(Status.WARNING);
    assertThat(found.variant()).contains("B");
    assertThat(found.because())
        .startsWith("One unit of B has 500 of revenue, ")
        .contains("% of the arm's sum", "more than half of one.", "declare a cap");
    look.metrics(
        Looks.metric(
            "revenue",
            ExperimentMetric.Kind.SUM,
            ExperimentMetric.Role.PRIMARY,
            OptionalDouble.of(600)));
    assertThat(look.one(new OutliersCheck()).because()).contains("lower the cap");
    theirs[17] = -500;
    assertThat(look.arm("B", Looks.arm(1, theirs)).one(new OutliersCheck()).because())
        .contains("has -500 of revenue, where the arm's sum is");
    ours[3] = 4_000;
    assertThat(look.arm("A", Looks.arm(1, ours)).one(new OutliersCheck()).because())
        .startsWith("One unit of A has 4,000 of revenue");
    look.metrics(Looks.metric("converted", ExperimentMetric.Kind.PROPORTION));
    assertThat(new OutliersCheck().of(look.data())).isEmpty();
  }

  private static double[] uniform(long seed) {
    return new SplittableRandom(seed).doubles(300).toArray();
  }

  /** What a unit did before explains what it does: its effect is adjusted, and moves little. */
  @Test
  void anAdjustedEffectIsMovedByWhatIsLeftOfAUnit() {
    double[] ours = covaried(1);
    double[] theirs = covaried(2);
    assertThat(
            new Looks()
                .arm("A", Looks.arm(2, ours))
                .arm("B", Looks.arm(2, theirs))
                .one(new OutliersCheck())
                .status())
        .isEqualTo(Status.WARNING);
    assertThat(
            new Looks()
                .preDays(7)
                .arm("A", Looks.arm(2, ours))
                .arm("B", Looks.arm(2, theirs))
                .one(new OutliersCheck())
                .status())
        .isEqualTo(Status.OK);
  }

  private static double[] covaried(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[2 * 300];
    for (int at = 0; at < values.length; at += 2) {
      values[at + 1] = at == 0 ? 100 : random.nextDouble();
      values[at] = values[at + 1] + random.nextDouble();
    }
    return values;
  }

  @Test
  void whatCannotBeAskedIsSaid() {
    ArmState constant = Looks.arm(2, new double[400]);
    Looks same = new Looks().preDays(7).arm("A", constant).arm("B", constant);
    for (Check check : List.of(new PreExposureBiasCheck(), new OutliersCheck())) {
      assertThat(same.one(check).status()).as(check.name()).isEqualTo(Status.INSUFFICIENT_DATA);
      TrustCheck few =
          new Looks()
              .preDays(7)
              .arm("A", Looks.arm(2, new double[198]))
              .arm("B", constant)
              .one(check);
      assertThat(few.status()).isEqualTo(Status.INSUFFICIENT_DATA);
      assertThat(few.because()).contains("99 units with revenue, fewer than ");
      TrustCheck none = new Looks().preDays(7).arm("A", constant).one(check);
      assertThat(none.because()).contains("has 0 units with revenue");
    }
    Looks ratio =
        new Looks()
            .metrics(Looks.metric("rate", ExperimentMetric.Kind.RATIO))
            .preDays(7)
            .arm("A", Looks.arm(4, new double[1_000]))
            .arm("B", Looks.arm(4, new double[1_000]));
    assertThat(ratio.one(new OutliersCheck()).because()).isEqualTo("rate has no ratio in an arm.");
    assertThat(ratio.one(new PreExposureBiasCheck()).because()).contains("not clear of zero");
    for (int rows : List.of(0, 1, 50)) {
      CrossMoments halves = Looks.arm(2, new double[2 * rows]).moments(0);
      TrustCheck found =
          new Looks()
              .halves(new TrustData.Halves("revenue", "B", halves, halves))
              .one(new NoveltyCheck());
      assertThat(found.status()).isEqualTo(Status.INSUFFICIENT_DATA);
    }
  }

  @Test
  void statesFromBeforeLargestUnitsWereKeptAreSaid() {
    StringBuilder moments = new StringBuilder("015801ac02"); // 1 column, 300 rows
    moments.append("3ff0000000000000").append("0000000000000000").append("4059000000000000");
    String old = "0145ac02" + "01" + "0000" + "1d" + moments;
    ArmState state = ArmState.read(HexFormat.of().parseHex(old));
    assertThat(state.moments(0).n()).isEqualTo(300);
    TrustCheck found = new Looks().arm("A", state).arm("B", state).one(new OutliersCheck());
    assertThat(found.status()).isEqualTo(Status.INSUFFICIENT_DATA);
    assertThat(found.because()).contains("before largest units were kept");
  }
}

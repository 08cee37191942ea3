package dev.telltale.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.stats.Numbers;
import dev.telltale.trust.TrustCheck.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class SampleRatioChecksTest {
  /**
   * SciPy 1.17.1: {@code stats.chisquare([5300, 4700])} = 36, p 1.9731752900753933e-09; {@code
   * stats.chisquare([5170, 4830])} = 11.56, p 0.0006738585313537617.
   */
  @Test
  void aLookWarnsAndAGrossMismatchIsInvalid() {
    TrustCheck sound = new Looks().units(5_050, 4_950).one(new SampleRatioCheck());
    assertThat(sound.status()).isEqualTo(Status.OK);
    assertThat(sound.statistic()).isCloseTo(1, within(1e-12));
    TrustCheck off = new Looks().units(5_170, 4_830).one(new SampleRatioCheck());
    assertThat(off.status()).isEqualTo(Status.WARNING);
    assertThat(off.statistic()).isCloseTo(11.56, within(1e-10));
    assertThat(off.pValue().orElseThrow()).isCloseTo(0.0006738585313537617, within(1e-13));
    assertThat(off.because())
        .startsWith(
            "A has 5,170 of the 10,000 units where 5,000 were planned: p 0.000674 is below");
    TrustCheck gross = new Looks().units(5_300, 4_700).one(new SampleRatioCheck());
    assertThat(gross.status()).isEqualTo(Status.INVALID);
    assertThat(gross.statistic()).isCloseTo(36, within(1e-10));
    assertThat(gross.pValue().orElseThrow()).isCloseTo(1.9731752900753933e-09, within(1e-19));
  }

  @Test
  void fewUnitsAreNotAskedAndVariantsWithoutAShareTakeNoPart() {
    assertThat(new Looks().units(9, 0).one(new SampleRatioCheck()).status())
        .isEqualTo(Status.INSUFFICIENT_DATA);
    assertThat(new Looks().units(11, 0).one(new SampleRatioCheck()).status())
        .isEqualTo(Status.WARNING);
    Looks third = new Looks().plan(Map.of("A", 0.5, "B", 0.5, "C", 0.0)).units(500, 510);
    assertThat(third.arm("C", Looks.units(400)).one(new SampleRatioCheck()).status())
        .isEqualTo(Status.OK);
    assertThat(third.one(new SequentialSampleRatioCheck()).status()).isEqualTo(Status.OK);
    assertThat(
            new Looks().plan(Map.of("A", 1.0)).units(500, 0).one(new SampleRatioCheck()).status())
        .isEqualTo(Status.INSUFFICIENT_DATA);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "sequential-sample-ratios.csv", useHeadersInDisplayName = true)
  void evidenceIsThatOfSciPy(String units, String shares, double evidence) {
    long[] counts = Numbers.counts(units);
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    // Logarithms of factorials lose digits as they grow, in SciPy too.
    double rounding = 1e-11 + 2e-14 * total;
    assertThat(SequentialSampleRatioCheck.logEvidence(counts, Numbers.doubles(shares)))
        .isCloseTo(evidence, within(rounding + 1e-10 * Math.abs(evidence)));
  }

  @Test
  void theWorstOfAllLooksDecides() {
    List<Map<String, Long>> before =
        List.of(Map.of("A", 500L, "B", 500L), Map.of("A", 5_300L, "B", 4_700L));
    TrustCheck found =
        new Looks().looks(before).units(10_400, 10_000).one(new SequentialSampleRatioCheck());
    assertThat(found.status()).isEqualTo(Status.INVALID);
    assertThat(found.statistic()).isCloseTo(14.831903689812878, within(1e-9));
    assertThat(found.pValue().orElseThrow())
        .isCloseTo(Math.exp(-14.831903689812878), within(1e-15));
    assertThat(found.because()).contains("A has 5,300 of the 10,000", "at look 2", "all 3 looks");
    TrustCheck sound =
        new Looks()
            .looks(before.subList(0, 1))
            .units(10_400, 10_000)
            .one(new SequentialSampleRatioCheck());
    assertThat(sound.status()).isEqualTo(Status.OK);
    assertThat(new Looks().one(new SequentialSampleRatioCheck()).status())
        .isEqualTo(Status.INSUFFICIENT_DATA);
  }

  /** SciPy 1.17.1: {@code stats.chisquare([600, 400])} is p 2.54e-10, of 60 to 40 it is .0455. */
  @Test
  void daysAreNamed() {
    Looks look = new Looks().day(0, 500, 510).day(1, 600, 400).day(2, 60, 40).day(3, 2, 0);
    TrustCheck found = look.one(new DaySampleRatioCheck());
    assertThat(found.status()).isEqualTo(Status.WARNING);
    assertThat(found.day()).contains(Looks.FIRST.plusDays(1));
    assertThat(found.statistic()).isCloseTo(40, within(1e-10));
    assertThat(found.pValueAdjusted().orElseThrow())
        .isCloseTo(3 * found.pValue().orElseThrow(), within(1e-20));
    assertThat(found.because()).endsWith("is below 0.001; days that are off: 2026-03-02.");
    look.day(5, 400, 600);
    assertThat(look.one(new DaySampleRatioCheck()).because()).contains("2026-03-02, 2026-03-06.");
    assertThat(new Looks().day(2, 60, 40).one(new DaySampleRatioCheck()).status())
        .isEqualTo(Status.OK);
    assertThat(new Looks().day(2, 6, 3).one(new DaySampleRatioCheck()).status())
        .isEqualTo(Status.INSUFFICIENT_DATA);
  }

  /** p .00067 would be one test's mismatch and is not one of two's. */
  @Test
  void daysAreCorrectedForTheirNumber() {
    assertThat(new Looks().day(0, 5_170, 4_830).one(new DaySampleRatioCheck()).status())
        .isEqualTo(Status.WARNING);
    assertThat(
            new Looks().day(0, 5_170, 4_830).day(1, 50, 50).one(new DaySampleRatioCheck()).status())
        .isEqualTo(Status.OK);
  }

  @Test
  void theWorstValueOfASegmentIsNamed() {
    List<TrustCheck> found =
        new SegmentSampleRatioCheck()
            .of(
                new Looks()
                    .segments(
                        segment("os", "ios", 500, 500),
                        segment("os", "android", 600, 400),
                        segment("country", "DE", 520, 480),
                        segment("tier", "gold", 3, 1))
                    .data());
    assertThat(found)
        .extracting(TrustCheck::status)
        .containsExactly(Status.WARNING, Status.OK, Status.INSUFFICIENT_DATA);
    assertThat(found.get(0).segmentKey()).contains("os");
    assertThat(found.get(0).segmentValue()).contains("android");
    assertThat(found.get(0).pValueAdjusted().orElseThrow())
        .isCloseTo(3 * found.get(0).pValue().orElseThrow(), within(1e-20));
    assertThat(found.get(0).because())
        .startsWith("Where os is android A has 600 of the 1,000 units where 500 were planned");
    assertThat(found.get(1).segmentValue()).contains("DE");
    assertThat(new SegmentSampleRatioCheck().of(new Looks().data())).isEmpty();
  }

  private static TrustData.Segment segment(String key, String value, long a, long b) {
    return new TrustData.Segment(key, value, Map.of("A", Looks.units(a), "B", Looks.units(b)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1000, OK",
    "9, 10, OK",
    "10, 990, OK",
    "10, 989, WARNING",
    "100, 900, WARNING",
    "101, 899, INVALID"
  })
  void unitsOfSeveralVariants(long several, long others, Status status) {
    TrustCheck found =
        new Looks().units(others, 0).several(several).one(new SeveralVariantsCheck());
    assertThat(found.status()).isEqualTo(status);
    assertThat(found.statistic()).isCloseTo(several / (double) (several + others), within(1e-15));
    assertThat(found.pValue()).isEmpty();
  }

  @Test
  void variantsThatAreNotDeclared() {
    List<TrustCheck> found =
        new SeveralVariantsCheck()
            .of(new Looks().units(400, 400).unknown(Map.of("C", 15L, "D", 5L)).data());
    assertThat(found).extracting(TrustCheck::status).containsExactly(Status.OK, Status.WARNING);
    assertThat(found.get(1).variant()).contains("C");
    assertThat(found.get(1).because())
        .startsWith(
            "20 of 820 units, 2.44 %, have a variant that is not declared: C, D, more than");
    assertThat(new Looks().one(new SeveralVariantsCheck()).status())
        .isEqualTo(Status.INSUFFICIENT_DATA);
  }
}

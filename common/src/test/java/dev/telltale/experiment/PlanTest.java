package dev.telltale.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.sequential.Spending;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final OptionalDouble NONE = OptionalDouble.empty();
  private static final Plan.Level MEAN = new Plan.Level(50, 144, 0, false);
  private static final Plan.Level SHARE = new Plan.Level(0.1, 0.09, 0, true);

  /**
   * SciPy 1.17.1: {@code (norm.ppf(.975) + norm.ppf(.8))**2 * (.1*.9 + .105*.895) / .005**2} =
   * 57759.906.
   */
  @Test
  void unitsOfAShareAreThoseOfTheUnpooledTest() {
    Plan plan = Plan.of(SHARE, design(1, 0.5, 0), OptionalDouble.of(0.005), NONE, 0.8);
    assertThat(plan.unitsControl()).isEqualTo(57_760);
    assertThat(plan.unitsVariant()).isEqualTo(57_760);
    assertThat(plan.units()).isEqualTo(115_520);
  }

  @Test
  void effectUnitsAndPowerAreOneEquation() {
    for (Plan.Level level : new Plan.Level[] {MEAN, SHARE}) {
      Plan units = Plan.of(level, design(3, 0.4, 0.3), OptionalDouble.of(0.02), NONE, 0.9);
      Plan effect =
          Plan.of(level, design(3, 0.4, 0.3), NONE, OptionalDouble.of((double) units.units()), 0.9);
      Plan power =
          Plan.of(
              level,
              design(3, 0.4, 0.3),
              OptionalDouble.of(0.02),
              OptionalDouble.of((double) units.units()),
              0.5);
      // Units are rounded up to whole ones.
      assertThat(effect.effect()).isCloseTo(0.02, within(1e-5));
      assertThat(power.power()).isCloseTo(0.9, within(1e-3));
      assertThat(units.unitsControl()).isCloseTo(Math.round(0.4 * units.units()), within(3L));
    }
  }

  @Test
  void covariatesSaveAndClustersCost() {
    OptionalDouble effect = OptionalDouble.of(0.5);
    double plain = Plan.of(MEAN, design(1, 0.5, 0), effect, NONE, 0.8).units();
    double adjusted = Plan.of(MEAN, design(1, 0.5, 0.7), effect, NONE, 0.8).units();
    assertThat(adjusted / plain).isCloseTo(1 - 0.49, within(1e-3));
    Plan.Level history = new Plan.Level(50, 144, 0.49, false);
    assertThat((double) Plan.of(history, design(1, 0.5, 0), effect, NONE, 0.8).units())
        .isEqualTo(adjusted);
    Plan.Design clustered = new Plan.Design(0.05, true, 1, 0.5, 11, 0.1, 0, 1, Spending.of("obf"));
    assertThat(Plan.of(MEAN, clustered, effect, NONE, 0.8).units() / plain)
        .isCloseTo(2, within(1e-3));
  }

  @Test
  void severalVariantsShareTheError() {
    Plan one = Plan.of(MEAN, design(1, 0.5, 0), OptionalDouble.of(0.5), NONE, 0.8);
    Plan three = Plan.of(MEAN, design(3, 0.25, 0), OptionalDouble.of(0.5), NONE, 0.8);
    assertThat(one.alphaEach()).isEqualTo(0.05);
    assertThat(three.alphaEach()).isBetween(0.05 / 3, 0.05);
    assertThat(three.unitsControl()).isGreaterThan(one.unitsControl());
  }

  /** The factors are those of SequentialPowerTest. */
  @Test
  void looksCostUnits() {
    OptionalDouble effect = OptionalDouble.of(0.5);
    double once = Plan.of(MEAN, design(1, 0.5, 0), effect, NONE, 0.8).units();
    double factor = 1;
    for (String spending : new String[] {"obf", "power:2", "pocock"}) {
      Plan.Design design = new Plan.Design(0.05, true, 1, 0.5, 1, 0, 0, 5, Spending.of(spending));
      Plan plan = Plan.of(MEAN, design, effect, NONE, 0.8);
      assertThat(plan.lookFactor()).isBetween(factor, 1.3);
      assertThat(plan.units() / once).isCloseTo(plan.lookFactor(), within(1e-3));
      factor = plan.lookFactor();
    }
    assertThat(factor).isGreaterThan(1.15);
  }

  @Test
  void whatCannotBePlannedSaysWhy() {
    assertThatThrownBy(() -> design(0, 0.5, 0)).hasMessageContaining("0 variants");
    assertThatThrownBy(() -> new Plan.Design(0.05, true, 1, 0.5, 1, 0, 0, 0, Spending.of("obf")))
        .hasMessageContaining("0 looks");
    assertThatThrownBy(() -> design(1, 1, 0)).hasMessageContaining("share");
    assertThatThrownBy(() -> Plan.of(SHARE, design(1, 0.5, 0), OptionalDouble.of(0.9), NONE, 0.8))
        .hasMessageContaining("cannot change by 0.9");
    assertThatThrownBy(() -> Plan.of(MEAN, design(1, 0.5, 0), OptionalDouble.of(0), NONE, 0.8))
        .hasMessageContaining("No number of units");
    assertThatThrownBy(() -> Plan.of(MEAN, design(1, 0.5, 1), OptionalDouble.of(1), NONE, 0.8))
        .hasMessageContaining("explains all");
  }

  private static Plan.Design design(int variants, double controlShare, double correlation) {
    return new Plan.Design(
        0.05, true, variants, controlShare, 1, 0, correlation, 1, Spending.of("obf"));
  }
}

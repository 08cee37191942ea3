package dev.telltale.jobs.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.config.Privacy;
import dev.telltale.experiment.ArmState;
import dev.telltale.look.Segment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FoundTest {
  private static ArmState units(int count) {
    ArmState state = new ArmState();
    for (int i = 0; i < count; i++) {
      state.addUnit();
    }
    return state;
  }

  @Test
  void segmentsOfFewUnitsAreLeftOutWhereTheModelFileSaysHowManyAreFew() {
    Segment many = new Segment("platform", "ios");
    Segment few = new Segment("platform", "tv");
    Found found =
        new Found(
            Map.of("a", units(9), "b", units(10)),
            Map.of(
                many,
                Map.of("a", units(4), "b", units(6)),
                few,
                Map.of("a", units(5), "b", units(4))),
            new TreeMap<>(),
            0,
            0,
            Map.of(),
            0);
    Privacy none = Privacy.none();
    assertThat(found.without(none).segments()).containsOnlyKeys(many, few);
    Privacy ten =
        new Privacy(
            List.of(),
            List.of(),
            List.of(),
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            Optional.of(new Privacy.Units("user_id", 10)));
    Found left = found.without(ten);
    assertThat(left.segments()).containsOnlyKeys(many);
    assertThat(left.units("b")).isEqualTo(10);
  }
}

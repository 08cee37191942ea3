package dev.telltale.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.telltale.config.Experiment;
import dev.telltale.config.ExperimentMetric;
import dev.telltale.config.ExperimentMetric.Kind;
import dev.telltale.config.ExperimentMetric.Role;
import dev.telltale.config.Kpi;
import dev.telltale.jobs.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of experiments: every key, and how they are found. */
class ExperimentConfigTest {
  private static final String MODEL =
      """
      model: flights
      predictions: {table: predictions, id: id, event-time: ts, prediction: late}
      baseline: {table: baseline}
      """;

  static final String SMALLEST =
      """
      experiment: delay
      model: flights
      from: 2026-10-01
      variants: {old: 0.5, new: 0.5}
      exposures: {table: exposures, unit: user, variant: arm, event-time: ts}
      metrics:
        - {name: bought, table: orders, kind: proportion, role: primary}
      """;

  private static final String EVERY_KEY =
      """
      experiment: delay-v2
      model: flights
      from: 2026-10-01
      to: 2026-10-29
      control: v1
      variants: {v2: 0.25, v1: 0.5, v3: 0.25}
      exposures:
        table: ${BUCKET}/exposures
        unit: user
        variant: arm
        event-time: ts
        where: experiment = 'delay-v2'
        exclude: is_bot OR is_internal
        segments: [platform, country]
      metrics:
        - name: revenue
          table: ${BUCKET}/bookings
          unit: customer
          event-time: booked_at
          where: status = 'paid'
          kind: sum
          value: price
          from-day: 7
          days: 14
          cap: 500
          role: primary
          goal: decrease
        - {name: price, table: b, kind: mean, value: price, cap: 9.5, denominator-cap: 10}
        - {name: per-seat, table: b, kind: ratio, value: price, denominator: seats, denominator-cap: 4}
        - {name: paid, table: b, kind: funnel, where: status = 'paid', denominator: status = 'open'}
        - {name: slow, table: b, kind: quantile, value: ms, quantile: 0.95}
        - {name: late, table: b, kind: count, role: guardrail, margin: 2.3%}
        - {name: back, table: b, kind: proportion, role: guardrail, margin: 0.01}
      pre-days: 28
      alpha: 0.01
      spending: power:2.5
      units: 200000
      """;

  @TempDir Path directory;

  @BeforeEach
  void aModel() throws IOException {
    Files.createDirectory(directory.resolve("models"));
    Files.writeString(directory.resolve("models/flights.yaml"), MODEL);
    Files.createDirectory(directory.resolve("experiments"));
  }

  @Test
  void recordedDefaults() throws IOException {
    assertThat(read(SMALLEST))
        .isEqualTo(
            new Experiment(
                "delay",
                "flights",
                LocalDate.parse("2026-10-01"),
                Optional.empty(),
                "old",
                Map.of("old", 0.5, "new", 0.5),
                new Experiment.Exposures(
                    "exposures",
                    "user",
                    "arm",
                    "ts",
                    Optional.empty(),
                    Optional.empty(),
                    List.of()),
                List.of(
                    plain(
                        "bought",
                        "orders",
                        Kind.PROPORTION,
                        Role.PRIMARY,
                        OptionalDouble.empty(),
                        false)),
                14,
                0.05,
                "obf",
                OptionalLong.empty(),
                OptionalDouble.empty()));
    assertThat(
            read(SMALLEST.replace(
                    ", role: primary", ", role: primary}\n  - {name: n, table: t, kind: count"))
                .metrics()
                .get(1))
        .isEqualTo(plain("n", "t", Kind.COUNT, Role.SECONDARY, OptionalDouble.empty(), false));
  }

  @Test
  void readsEveryKey() throws IOException {
    Experiment experiment = read(EVERY_KEY);
    Map<String, Double> variants = new LinkedHashMap<>();
    variants.put("v2", 0.25);
    variants.put("v1", 0.5);
    variants.put("v3", 0.25);
    assertThat(experiment)
        .isEqualTo(
            new Experiment(
                "delay-v2",
                "flights",
                LocalDate.parse("2026-10-01"),
                Optional.of(LocalDate.parse("2026-10-29")),
                "v1",
                variants,
                new Experiment.Exposures(
                    "s3a://b/exposures",
                    "user",
                    "arm",
                    "ts",
                    Optional.of("experiment = 'delay-v2'"),
                    Optional.of("is_bot OR is_internal"),
                    List.of("platform", "country")),
                List.of(
                    new ExperimentMetric(
                        "revenue",
                        "s3a://b/bookings",
                        "customer",
                        "booked_at",
                        Optional.of("status = 'paid'"),
                        Kind.SUM,
                        Optional.of("price"),
                        Optional.empty(),
                        7,
                        OptionalInt.of(14),
                        OptionalDouble.of(500),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Role.PRIMARY,
                        Kpi.Goal.DECREASE,
                        OptionalDouble.empty(),
                        false),
                    quotient(
                        "price",
                        Optional.empty(),
                        Kind.MEAN,
                        Optional.of("price"),
                        Optional.empty(),
                        9.5,
                        10),
                    quotient(
                        "per-seat",
                        Optional.empty(),
                        Kind.RATIO,
                        Optional.of("price"),
                        Optional.of("seats"),
                        0,
                        4),
                    quotient(
                        "paid",
                        Optional.of("status = 'paid'"),
                        Kind.FUNNEL,
                        Optional.empty(),
                        Optional.of("status = 'open'"),
                        0,
                        0),
                    quantile(),
                    plain("late", "b", Kind.COUNT, Role.GUARDRAIL, OptionalDouble.of(0.023), true),
                    plain(
                        "back",
                        "b",
                        Kind.PROPORTION,
                        Role.GUARDRAIL,
                        OptionalDouble.of(0.01),
                        false)),
                28,
                0.01,
                "power:2.5",
                OptionalLong.of(200_000),
                OptionalDouble.empty()));
    assertThat(experiment.variants().keySet()).containsExactly("v2", "v1", "v3");
  }

  @Test
  void theEffectiveConfigurationReadsBackAsTheSameExperiment() throws IOException {
    for (String text :
        List.of(
            SMALLEST,
            EVERY_KEY,
            SMALLEST.replace(
                "primary",
                "guardrail, margin: 12 %}\n  - {name: n, table: t, kind: count, role: primary"))) {
      Experiment experiment = read(text);
      Experiment again = read(ExperimentFile.effective(experiment));
      assertThat(again).isEqualTo(experiment);
      assertThat(again.variants().keySet())
          .containsExactlyElementsOf(experiment.variants().keySet());
      assertThat(ExperimentFile.hash(again)).isEqualTo(ExperimentFile.hash(experiment));
    }
    assertThat(ExperimentFile.effective(read(EVERY_KEY)))
        .contains("\"margin\":\"2.3%\"", "\"margin\":0.01");
  }

  @Test
  void theHashIsOfWhatIsMeant() throws IOException {
    String hash = ExperimentFile.hash(read(SMALLEST));
    assertThat(hash).matches("[0-9a-f]{64}");
    assertThat(ExperimentFile.hash(read("pre-days: 14 # as ever\n" + SMALLEST + "control: old\n")))
        .isEqualTo(hash);
    assertThat(ExperimentFile.hash(read(SMALLEST + "pre-days: 13\n"))).isNotEqualTo(hash);
    assertThat(
            ExperimentFile.hash(
                read(
                    SMALLEST.replace("old: 0.5, new: 0.5", "new: 0.5, old: 0.5")
                        + "control: old\n")))
        .isNotEqualTo(hash);
  }

  @Test
  void everyKindRoleAndGoalMayBeWritten() {
    JsonNode metric =
        SchemaCheck.of("experiment").schema().at("/properties/metrics/items/properties");
    assertThat(names(metric.at("/kind/enum"))).isEqualTo(lower(Kind.values()));
    assertThat(names(metric.at("/role/enum"))).isEqualTo(lower(Role.values()));
    assertThat(names(metric.at("/goal/enum"))).isEqualTo(lower(Kpi.Goal.values()));
  }

  @Test
  void theProblemsOfAllFilesAreInOneMessage() throws IOException {
    write("a.yaml", SMALLEST.replace("role: primary", "role: main"));
    write("b.yaml", "x: [");
    assertThatThrownBy(() -> reader().experiments())
        .hasMessageContaining("a.yaml:7: `metrics[0].role` is `main`")
        .hasMessageContaining("b.yaml:1: not YAML: ");
  }

  @Test
  void anExperimentIsOfTheNightOfItsModel() throws IOException {
    write("a.yaml", SMALLEST);
    write("b.yml", SMALLEST.replace("delay", "other").replace("flights", "trains"));
    write("c.yaml", SMALLEST.replace("delay", "third").replace("flights", "trains") + "x: 1\n");
    assertThat(reader().experimentsOf("flights"))
        .extracting(experiment -> experiment.config().id(), ExperimentFile::file)
        .containsExactly(tuple("delay", file("a.yaml")));
    assertThat(reader().experimentsOf("planes")).isEmpty();
    assertThatThrownBy(() -> reader().experimentsOf("trains"))
        .hasMessageContaining("c.yaml:8: unknown key `x`");
    // It may be of any model.
    write("d.yaml", "x: [");
    assertThatThrownBy(() -> reader().experimentsOf("flights"))
        .hasMessageContaining("d.yaml:1: not YAML")
        .hasMessageNotContaining("c.yaml");
  }

  @Test
  void anIdIsOfOneFile() throws IOException {
    write("a.yaml", SMALLEST);
    write("b.yaml", SMALLEST.replace("flights", "trains"));
    String twice =
        "The experiment delay is declared twice: in "
            + file("a.yaml")
            + " and in "
            + file("b.yaml")
            + ".";
    assertThatThrownBy(() -> reader().experiments()).hasMessageStartingWith(twice);
    assertThatThrownBy(() -> reader().check()).hasMessageStartingWith(twice);
    assertThatThrownBy(() -> reader().experimentsOf("flights")).hasMessageStartingWith(twice);
    assertThatThrownBy(() -> reader().experimentsOf("trains")).hasMessageStartingWith(twice);
    assertThat(reader().experimentsOf("planes")).isEmpty();
  }

  @Test
  void withoutADirectoryThereAreNone() {
    assertThat(reader().experiments()).isEmpty();
    String file = directory.resolve("models/flights.yaml").toString();
    assertThat(ConfigReader.of(file, Map.of()).experiments()).isEmpty();
    assertThat(ConfigReader.of(file, Map.of()).check()).hasSize(1);
  }

  @Test
  void configCheckListsExperimentsAndSaysEveryProblem() throws IOException {
    write("delay.yaml", SMALLEST);
    String[] check = {"config", "check", "--config", directory.toString()};
    assertThat(new Cli().run(check).out())
        .matches(
            "\\{\"job\":\"config check\",.*],\"experiments\":\\[\\{\"experiment\":\"delay\","
                + "\"model\":\"flights\",\"file\":\"\\S+/experiments/delay.yaml\","
                + "\"config_hash\":\"[0-9a-f]{64}\"}]}\n");
    assertThat(new Cli().onTerminal().run(check).out())
        .matches("(?s)MODEL .*\nflights  delay       [0-9a-f]{12}  .*");
    write("delay.yaml", SMALLEST.replace("model: flights", "model: flihgts"));
    write("other.yaml", SMALLEST.replace("delay", "other") + "alpa: 1\n");
    Files.writeString(directory.resolve("models/trains.yaml"), "model: trains\n");
    Cli.Outcome outcome = new Cli().run(check);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains(
            "trains.yaml:1: missing key `predictions`",
            "delay.yaml:2: `model` is `flihgts`, which no model file declares; did you mean"
                + " `flights`? Allowed: `flights`, `trains`\n",
            "other.yaml:8: unknown key `alpa`; did you mean `alpha`?");
    // A file that does not say its model may be the one.
    Files.writeString(directory.resolve("models/trains.yaml"), "modle: trains\n");
    assertThat(new Cli().run(check).err()).doesNotContain("which no model file declares");
  }

  private static ExperimentMetric plain(
      String name, String table, Kind kind, Role role, OptionalDouble margin, boolean isRelative) {
    return new ExperimentMetric(
        name,
        table,
        "user",
        "ts",
        Optional.empty(),
        kind,
        Optional.empty(),
        Optional.empty(),
        0,
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        role,
        Kpi.Goal.INCREASE,
        margin,
        isRelative);
  }

  private static ExperimentMetric quantile() {
    return new ExperimentMetric(
        "slow",
        "b",
        "user",
        "ts",
        Optional.empty(),
        Kind.QUANTILE,
        Optional.of("ms"),
        Optional.empty(),
        0,
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.of(0.95),
        Role.SECONDARY,
        Kpi.Goal.INCREASE,
        OptionalDouble.empty(),
        false);
  }

  /** A cap of 0 is none. */
  private static ExperimentMetric quotient(
      String name,
      Optional<String> where,
      Kind kind,
      Optional<String> value,
      Optional<String> denominator,
      double cap,
      double denominatorCap) {
    return new ExperimentMetric(
        name,
        "b",
        "user",
        "ts",
        where,
        kind,
        value,
        denominator,
        0,
        OptionalInt.empty(),
        cap == 0 ? OptionalDouble.empty() : OptionalDouble.of(cap),
        denominatorCap == 0 ? OptionalDouble.empty() : OptionalDouble.of(denominatorCap),
        OptionalDouble.empty(),
        Role.SECONDARY,
        Kpi.Goal.INCREASE,
        OptionalDouble.empty(),
        false);
  }

  private static List<String> names(JsonNode array) {
    List<String> names = new ArrayList<>();
    array.forEach(name -> names.add(name.asText()));
    return names;
  }

  private static List<String> lower(Enum<?>... constants) {
    return Arrays.stream(constants).map(one -> one.name().toLowerCase(Locale.ROOT)).toList();
  }

  private Experiment read(String text) throws IOException {
    write("test.yaml", text);
    return reader().experiments().get(0).config();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(Path.of(file(name)), text);
  }

  private String file(String name) {
    return directory + "/experiments/" + name;
  }

  private ConfigReader reader() {
    return ConfigReader.of(directory.toString(), Map.of("BUCKET", "s3a://b", "USER", "me"));
  }
}

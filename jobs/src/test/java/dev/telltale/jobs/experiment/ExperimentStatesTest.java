package dev.telltale.jobs.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.experiment.ArmState;
import dev.telltale.experiment.CrossMoments;
import dev.telltale.experiment.QuantileState;
import dev.telltale.jobs.SparkTest;
import dev.telltale.jobs.experiment.TrialLake.Booking;
import dev.telltale.jobs.experiment.TrialLake.Exposure;
import dev.telltale.jobs.lake.Tables;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The states of looks, against values of each unit that are computed from its rows one by one. */
class ExperimentStatesTest extends SparkTest {
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final int DAYS = 6;
  private static final int PRE_DAYS = 3;

  /** Blocks of moments; the last is that of both halves of the days. */
  private static final List<Integer> MOMENTS = List.of(0, 1, 2, 3, 4, 5, 7);

  private static final int QUANTILES = 6;

  private static final String EXPERIMENT =
      """
      experiment: prices
      model: shop
      from: 2026-01-05
      to: 2026-01-11
      variants: {a: 0.5, b: 0.5}
      pre-days: 3
      exposures:
        table: exposures
        unit: user_id
        variant: variant
        event-time: ts
        where: experiment = 'prices'
        exclude: is_bot
        segments: [platform]
      metrics:
        - {name: revenue, table: bookings, kind: sum, value: price, where: status = 'paid', role: primary}
        - {name: bookers, table: bookings, kind: proportion}
        - {name: soon, table: bookings, kind: count, from-day: 1, days: 2}
        - {name: price, table: bookings, kind: mean, value: price}
        - {name: price_per_seat, table: bookings, kind: ratio, value: price, denominator: seats, cap: 150, denominator-cap: 4}
        - {name: paid_of_booked, table: bookings, kind: funnel, where: status = 'paid', denominator: 'true'}
        - {name: median_price, table: bookings, kind: quantile, value: price, quantile: 0.5, role: guardrail}
      """;

  @TempDir Path directory;

  /** What happened: rows in the order in which they reach the lake. */
  private static final class Story {
    final List<Exposure> exposures = new ArrayList<>();
    final List<Booking> bookings = new ArrayList<>();

    Story(long seed) {
      Random random = new Random(seed);
      for (int unit = 0; unit < 160; unit++) {
        String name = "u" + unit;
        String variant = unit % 2 == 0 ? "a" : "b";
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
          // One in twelve sees another variant some time; some come after the end.
          String seen = random.nextInt(12) == 0 ? "b" : random.nextInt(40) == 0 ? "c" : variant;
          exposures.add(
              new Exposure(
                  name,
                  seen,
                  time(random, 0, DAYS + 2),
                  random.nextInt(9) == 0 ? null : random.nextBoolean() ? "ios" : "web",
                  unit % 31 == 7 && i == 0,
                  random.nextInt(15) == 0 ? "other" : "prices"));
        }
        int bookings = random.nextInt(7);
        for (int i = 0; i < bookings; i++) {
          this.bookings.add(
              new Booking(
                  name,
                  time(random, -5, DAYS + 4),
                  random.nextInt(20) == 0 ? null : 20 + 100 * random.nextDouble(),
                  random.nextInt(10) == 0 ? null : 1 + random.nextInt(3),
                  random.nextInt(3) == 0 ? "open" : "paid"));
        }
      }
    }

    private static Instant time(Random random, int from, int to) {
      long day = Duration.ofDays(1).toMillis();
      return START.plusMillis(from * day + (long) (random.nextDouble() * (to - from) * day));
    }
  }

  @Test
  void unitsCountFromTheirFirstExposureOn() {
    Story story = new Story(1);
    TrialLake trial = new TrialLake(spark, directory, EXPERIMENT);
    trial.expose(story.exposures);
    trial.book(story.bookings);
    // All looks in one run, and the last ones wait for windows that are open at the end.
    trial.night(START, START.plus(Duration.ofDays(DAYS + 4)), "r1");
    for (int look = 0; look < DAYS + 2; look++) {
      assertStates(states(trial, look), new Expected(story, look), look);
    }
    assertThat(states(trial, DAYS + 2)).isEmpty();
  }

  @Test
  void lateDeletedAndCorrectedRowsAreAsIfTheyHadAlwaysBeenSo() {
    Story story = new Story(2);
    TrialLake nightly = new TrialLake(spark, directory.resolve("nightly"), EXPERIMENT);
    Random random = new Random(3);
    Map<Integer, List<Exposure>> exposures = new TreeMap<>();
    Map<Integer, List<Booking>> bookings = new TreeMap<>();
    // A fifth is up to four days late.
    for (Exposure row : story.exposures) {
      exposures.computeIfAbsent(arrival(row.time(), random), any -> new ArrayList<>()).add(row);
    }
    for (Booking row : story.bookings) {
      bookings.computeIfAbsent(arrival(row.time(), random), any -> new ArrayList<>()).add(row);
    }
    List<String> restated = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      nightly.expose(taken(exposures, day));
      nightly.book(taken(bookings, day));
      Instant start = START.plus(Duration.ofDays(day));
      nightly
          .night(start, start.plus(Duration.ofDays(1)), "r" + day)
          .result()
          .restated()
          .forEach(instant -> restated.add(instant.toString()));
    }
    assertThat(restated).hasSizeGreaterThan(3);
    nightly.expose(taken(exposures, 99));
    nightly.book(taken(bookings, 99));
    spark.sql(
        "DELETE FROM delta.`" + nightly.table("bookings") + "` WHERE user_id IN ('u3', 'u8')");
    spark.sql("DELETE FROM delta.`" + nightly.table("exposures") + "` WHERE user_id = 'u10'");
    spark.sql(
        "UPDATE delta.`" + nightly.table("bookings") + "` SET price = 7 WHERE user_id = 'u12'");
    Instant last = START.plus(Duration.ofDays(DAYS));
    nightly.night(last, last.plus(Duration.ofDays(1)), "again");

    story.bookings.removeIf(row -> Set.of("u3", "u8").contains(row.unit()));
    story.exposures.removeIf(row -> row.unit().equals("u10"));
    story.bookings.replaceAll(
        row ->
            row.unit().equals("u12")
                ? new Booking(row.unit(), row.time(), 7.0, row.seats(), row.status())
                : row);
    TrialLake fresh = new TrialLake(spark, directory.resolve("fresh"), EXPERIMENT);
    fresh.expose(story.exposures);
    fresh.book(story.bookings);
    fresh.night(last, last.plus(Duration.ofDays(1)), "once");
    Map<String, ArmState> kept = states(nightly, DAYS);
    assertStates(kept, new Expected(story, DAYS), DAYS);
    Map<String, ArmState> recomputed = states(fresh, DAYS);
    assertThat(kept.keySet()).isEqualTo(recomputed.keySet());
    kept.forEach((key, state) -> assertSame(key, state, recomputed.get(key)));
  }

  private static int arrival(Instant time, Random random) {
    int day = Math.max(0, (int) Duration.between(START, time).toDays());
    int arrival = random.nextInt(5) == 0 ? day + 1 + random.nextInt(4) : day;
    return arrival < DAYS ? arrival : 99;
  }

  private static <T> List<T> taken(Map<Integer, List<T>> rows, int day) {
    return rows.getOrDefault(day, List.of());
  }

  private static void assertSame(String key, ArmState one, ArmState other) {
    assertThat(one.units()).as(key).isEqualTo(other.units());
    assertThat(one.quantiles(QUANTILES).toBytes())
        .as(key)
        .isEqualTo(other.quantiles(QUANTILES).toBytes());
    for (int block : MOMENTS) {
      CrossMoments first = one.moments(block);
      CrossMoments second = other.moments(block);
      assertThat(first.n()).as(key).isEqualTo(second.n());
      for (int i = 0; first.n() > 1 && i < first.columns(); i++) {
        near(key, first.mean(i), second.mean(i));
        for (int j = 0; j <= i; j++) {
          near(key, first.covariance(i, j), second.covariance(i, j));
        }
      }
    }
  }

  /** The order of additions may differ, so that the last digits may. */
  private static void near(String key, double one, double other) {
    assertThat(one).as(key).isCloseTo(other, within(1e-12 * Math.max(1, Math.abs(other))));
  }

  private Map<String, ArmState> states(TrialLake trial, int look) {
    Map<String, ArmState> states = new TreeMap<>();
    String day = START.plus(Duration.ofDays(look)).toString().substring(0, 10);
    for (Row row :
        trial
            .now()
            .rows(
                Tables.EXPERIMENT_STATES, partition -> day.equals(partition.get("window_date")))) {
      String key =
          row.getAs("variant") + "/" + row.getAs("slice_key") + "=" + row.getAs("slice_value");
      states.put(key, ArmState.read(row.<byte[]>getAs("state")));
    }
    return states;
  }

  private static void assertStates(Map<String, ArmState> states, Expected expected, int look) {
    assertThat(expected.units).hasSizeGreaterThan(2);
    for (String variant : List.of("a", "b")) {
      assertState(
          states, variant + "/null=null", expected, look, unit -> unit.variant.equals(variant));
      for (String platform : List.of("ios", "web", ":null")) {
        assertState(
            states,
            variant + "/platform=" + platform,
            expected,
            look,
            unit -> unit.variant.equals(variant) && unit.platform.equals(platform));
      }
    }
  }

  private static void assertState(
      Map<String, ArmState> states,
      String key,
      Expected expected,
      int look,
      java.util.function.Predicate<Expected.Unit> of) {
    List<Expected.Unit> units =
        expected.units.values().stream()
            .filter(of)
            .sorted(Comparator.comparing(unit -> unit.name))
            .toList();
    String what = key + " at look " + look;
    if (units.isEmpty()) {
      assertThat(states.getOrDefault(key, new ArmState()).units()).as(what).isZero();
      return;
    }
    ArmState state = states.get(key);
    assertThat(state.units()).as(what).isEqualTo(units.size());
    QuantileState prices = new QuantileState();
    for (Expected.Unit unit : units) {
      List<Integer> bins = unit.bins();
      if (!bins.isEmpty()) {
        int[] distinct = bins.stream().distinct().mapToInt(Integer::intValue).toArray();
        long[] counts =
            Arrays.stream(distinct)
                .mapToLong(bin -> bins.stream().filter(other -> other == bin).count())
                .toArray();
        prices.add(distinct, counts, distinct.length);
      }
    }
    assertThat(state.quantiles(QUANTILES).units()).as(what).isEqualTo(prices.units());
    assertThat(state.quantiles(QUANTILES).toBytes()).as(what).isEqualTo(prices.toBytes());
    for (int block : MOMENTS) {
      int place = block;
      List<double[]> rows =
          units.stream().map(unit -> unit.values(place)).filter(row -> row.length > 0).toList();
      CrossMoments moments = state.moments(block);
      assertThat(moments.n()).as(what + " block " + block).isEqualTo(rows.size());
      for (int i = 0; !rows.isEmpty() && i < rows.get(0).length; i++) {
        int column = i;
        double mean = rows.stream().mapToDouble(row -> row[column]).average().orElseThrow();
        near(what + " block " + block + " mean " + i, moments.mean(i), mean);
        double square =
            rows.stream()
                .mapToDouble(row -> (row[0] - moments.mean(0)) * (row[column] - mean))
                .sum();
        if (rows.size() > 1) {
          assertThat(moments.covariance(0, i))
              .as(what + " block " + block + " covariance " + i)
              .isCloseTo(square / (rows.size() - 1), within(1e-9 * Math.max(1, Math.abs(square))));
        }
      }
    }
  }

  /** Units by name, from the rows as a person would read them. */
  private static final class Expected {
    final Map<String, Unit> units = new HashMap<>();

    Expected(Story story, int look) {
      Instant end = START.plus(Duration.ofDays(look + 1));
      Map<String, List<Exposure>> seen = new HashMap<>();
      for (Exposure row : story.exposures) {
        if (row.time().isBefore(end) && row.experiment().equals("prices")) {
          seen.computeIfAbsent(row.unit(), any -> new ArrayList<>()).add(row);
        }
      }
      seen.forEach(
          (name, rows) -> {
            rows.sort(Comparator.comparing(Exposure::time));
            Set<String> variants = new HashSet<>();
            rows.forEach(row -> variants.add(row.variant()));
            boolean isLate = !rows.get(0).time().isBefore(START.plus(Duration.ofDays(DAYS)));
            if (variants.size() == 1
                && !variants.contains("c")
                && !isLate
                && rows.stream().noneMatch(Exposure::isBot)) {
              List<Booking> own =
                  story.bookings.stream()
                      .filter(row -> row.unit().equals(name) && row.time().isBefore(end))
                      .toList();
              units.put(name, new Unit(rows.get(0), own, look));
            }
          });
    }

    static final class Unit {
      final String name;
      final String variant;
      final String platform;
      final Instant exposed;
      final int day;
      final int look;
      final List<Booking> bookings;

      Unit(Exposure first, List<Booking> bookings, int look) {
        this.name = first.unit();
        this.variant = first.variant().equals("a") ? "a" : "b";
        this.platform = first.platform() == null ? ":null" : first.platform();
        this.exposed = first.time();
        this.day = dayOf(first.time());
        this.look = look;
        this.bookings = bookings;
      }

      private static int dayOf(Instant time) {
        LocalDate start = START.atZone(ZoneOffset.UTC).toLocalDate();
        return (int) (time.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay() - start.toEpochDay());
      }

      private double sum(
          java.util.function.Predicate<Booking> rows, Function<Booking, Number> value) {
        return bookings.stream()
            .filter(rows)
            .map(value)
            .filter(number -> number != null)
            .mapToDouble(Number::doubleValue)
            .sum();
      }

      private boolean after(Booking row) {
        return !row.time().isBefore(exposed) && dayOf(row.time()) < DAYS;
      }

      private boolean before(Booking row) {
        int days = dayOf(row.time()) - day;
        return days < 0 && days >= -PRE_DAYS;
      }

      double[] values(int block) {
        return switch (block) {
          case 0 -> {
            yield new double[] {
              sum(row -> after(row) && isPaid(row), Booking::price),
              sum(row -> before(row) && isPaid(row), Booking::price)
            };
          }
          case 1 ->
              new double[] {
                Math.min(1, sum(this::after, row -> 1)), Math.min(1, sum(this::before, row -> 1))
              };
          case 2 ->
              day + 2 > look
                  ? new double[0]
                  : new double[] {
                    sum(
                        row -> dayOf(row.time()) - day == 1 || dayOf(row.time()) - day == 2,
                        r -> 1),
                    sum(this::before, row -> 1)
                  };
          case 3 ->
              new double[] {
                sum(this::after, Booking::price),
                sum(row -> after(row) && row.price() != null, row -> 1),
                sum(this::before, Booking::price),
                sum(row -> before(row) && row.price() != null, row -> 1)
              };
          case 4 ->
              new double[] {
                Math.min(150, sum(this::after, Booking::price)),
                Math.min(4, sum(this::after, Booking::seats)),
                Math.min(150, sum(this::before, Booking::price)),
                Math.min(4, sum(this::before, Booking::seats))
              };
          case 5 ->
              new double[] {
                Math.min(1, sum(row -> after(row) && isPaid(row), row -> 1)),
                Math.min(1, sum(this::after, row -> 1)),
                Math.min(1, sum(row -> before(row) && isPaid(row), row -> 1)),
                Math.min(1, sum(this::before, row -> 1))
              };
          default -> {
            int days = Math.min(look, DAYS - 1) - day;
            yield days < 2
                ? new double[0]
                : new double[] {halfRate(1, days / 2), halfRate(days / 2 + 1, days)};
          }
        };
      }

      private double halfRate(int from, int to) {
        return sum(
                row ->
                    after(row)
                        && isPaid(row)
                        && dayOf(row.time()) - day >= from
                        && dayOf(row.time()) - day <= to,
                Booking::price)
            / (to - from + 1);
      }

      /** Bins of the prices after the exposure, ascending. */
      List<Integer> bins() {
        return bookings.stream()
            .filter(row -> after(row) && row.price() != null)
            .map(row -> QuantileState.bin(row.price()))
            .sorted()
            .toList();
      }

      private static boolean isPaid(Booking row) {
        return row.status().equals("paid");
      }
    }
  }
}

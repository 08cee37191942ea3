package dev.telltale.jobs.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Granularity;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.sampling.AdaptiveRates;
import dev.telltale.sampling.Lot;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/** The plan of a day: rows of {@code sampling_plan}, and what clients read. */
final class PlanRows {
  private static final double MILLION = 1e6;

  private final NightSpec spec;
  private final Sampling sampling;
  private final Instant day;
  private final StratumRecord record;
  private final Instant computedAt = Instant.now();

  PlanRows(NightSpec spec, Sampling sampling, Instant day, StratumRecord record) {
    this.spec = spec;
    this.sampling = sampling;
    this.day = day;
    this.record = record;
  }

  /** The rates of those days that have a plan, by stratum; of null for any other. */
  static Map<LocalDate, Map<String, Double>> rates(
      Lake lake, String model, Collection<Instant> days) {
    Map<LocalDate, Map<String, Double>> rates = new HashMap<>();
    for (Row row :
        lake.rows(
            Tables.SAMPLING_PLAN,
            WindowScope.of(model, Granularity.DAY, days),
            "window_date",
            "stratum",
            "rate")) {
      rates
          .computeIfAbsent(row.<Date>getAs("window_date").toLocalDate(), absent -> new HashMap<>())
          .put(row.getAs("stratum"), row.<Double>getAs("rate"));
    }
    return rates;
  }

  /** The rows: every stratum, and what holds for any other. */
  List<Row> rows() {
    List<StratumRecord.Stratum> strata = record.strata();
    double all = strata.stream().mapToLong(StratumRecord.Stratum::rows).sum();
    double budget = sampling.budget(all);
    double[] rates =
        AdaptiveRates.of(
            strata.stream().map(StratumRecord.Stratum::known).toList(), record.errorRate(), budget);
    double even = all > 0 ? Math.min(1, budget / all) : 1;
    List<Row> rows = new ArrayList<>();
    double expected = 0;
    for (int i = 0; i < rates.length; i++) {
      StratumRecord.Stratum one = strata.get(i);
      expected += rates[i] * one.rows();
      TableRow row =
          row(rates[i], rates[i] * one.rows())
              .set("stratum", one.name())
              .set("labels", one.labels())
              .set("reasons", one.reasons().stream().map(Enum::name).toArray(String[]::new))
              .set("because", because(one, rates[i], even));
      if (Double.isFinite(record.errorRate())) {
        row.set("error_rate", AdaptiveRates.errorRate(one.known(), record.errorRate()));
      }
      rows.add(row.build());
    }
    // One that turns up tomorrow is new.
    double unknown = Math.min(1, AdaptiveRates.ATTENTION * even);
    rows.add(
        row(unknown, expected)
            .set("reasons", new String[] {StratumRecord.Reason.NEW.name()})
            .set(
                "because",
                String.format(
                    Locale.ROOT,
                    "A stratum that was not there on the last day is kept at %.4g %%, up to %.0f"
                        + " times the even rate.",
                    100 * unknown,
                    AdaptiveRates.ATTENTION))
            .build());
    return rows;
  }

  private TableRow row(double rate, double expected) {
    TableRow row =
        new TableRow(Tables.SAMPLING_PLAN.schema())
            .window(day, Granularity.DAY.next(day))
            .set("granularity", Granularity.DAY.label())
            .set("model_id", spec.model().model())
            .set("run_id", spec.runId())
            .set("computed_at", computedAt)
            .set("rate", rate)
            .set("expected_rows", expected);
    sampling
        .costPerMillionRows()
        .ifPresent(cost -> row.set("expected_cost", cost * expected / MILLION));
    return row;
  }

  private String because(StratumRecord.Stratum stratum, double rate, double even) {
    List<String> reasons = new ArrayList<>();
    for (StratumRecord.Reason reason : stratum.reasons()) {
      reasons.add(
          switch (reason) {
            case ALERT -> "an alert is open there";
            case NEW -> "it is new";
            case WEAK -> "more is wrong there than elsewhere";
          });
    }
    String known =
        Double.isFinite(record.errorRate())
            ? String.format(
                Locale.ROOT,
                "%.3g %% wrong of %,.0f labels",
                100 * AdaptiveRates.errorRate(stratum.known(), record.errorRate()),
                stratum.labels())
            : "no mistakes are known";
    return String.format(
        Locale.ROOT,
        "Kept at %.4g %%, %.2g times the even rate: %,d rows a day, %s%s.",
        100 * rate,
        rate / even,
        stratum.rows(),
        known,
        reasons.isEmpty() ? "" : "; and " + String.join(", ", reasons));
  }

  /** What clients need to decide as the sample does. */
  String json(List<Row> rows) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode plan = mapper.createObjectNode();
    plan.put("model", spec.model().model());
    plan.put("day", WindowScope.date(day).toString());
    plan.put("id", spec.model().predictions().id());
    ObjectNode lot = plan.putObject("lot");
    lot.put("hash", "sha1");
    lot.put("prefix", Lot.PREFIX);
    lot.put("hex_digits", Lot.DIGITS);
    ArrayNode columns = plan.putArray("strata");
    sampling.strata().forEach(columns::add);
    ArrayNode whole = plan.putArray("whole");
    sampling.whole().forEach(whole::add);
    ObjectNode rates = plan.putObject("rates");
    for (Row row : rows) {
      if (row.getAs("stratum") == null) {
        plan.put("other_rate", row.<Double>getAs("rate"));
      } else {
        rates.put(row.getAs("stratum"), row.<Double>getAs("rate"));
      }
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values can be written", e);
    }
  }
}

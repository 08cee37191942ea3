package dev.telltale.jobs.sample;

import dev.telltale.config.Granularity;
import dev.telltale.config.Sampling;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.lake.TableRow;
import dev.telltale.jobs.lake.Tables;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows of {@code sampling_volumes}: of every stratum, and of the day. */
final class VolumeRows {
  private static final double MILLION = 1e6;

  private final NightSpec spec;
  private final Sampling sampling;
  private final double bytesPerRow;
  private final Instant computedAt = Instant.now();

  /**
   * Of a telemetry.
   *
   * @param bytesPerRow bytes of one of its rows, on average
   */
  VolumeRows(NightSpec spec, Sampling sampling, double bytesPerRow) {
    this.spec = spec;
    this.sampling = sampling;
    this.bytesPerRow = bytesPerRow;
  }

  /**
   * The rows.
   *
   * @param kept what {@link Draw#kept} gives
   * @param bytes bytes of the sample, by day
   */
  List<Row> rows(Strata strata, Dataset<Row> kept, Map<LocalDate, Long> bytes) {
    Map<List<Object>, Row> found = new HashMap<>();
    for (Row row : kept.collectAsList()) {
      found.put(
          List.of(row.<Date>getAs(Draw.DAY).toLocalDate(), row.<String>getAs(Draw.STRATUM)), row);
    }
    List<Row> rows = new ArrayList<>();
    strata
        .days()
        .forEach(
            (day, some) -> {
              long all = 0;
              long whole = 0;
              long keptRows = 0;
              double weight = 0;
              for (Strata.Stratum stratum : some) {
                Row row = found.get(List.of(day, stratum.name()));
                long keptHere = row == null ? 0 : row.<Long>getAs("rows");
                double weightHere = row == null ? 0 : row.<Double>getAs("weight");
                all += stratum.rows();
                whole += stratum.whole();
                keptRows += keptHere;
                weight += weightHere;
                if (!sampling.strata().isEmpty()) {
                  rows.add(
                      row(day, stratum.rows(), stratum.whole(), keptHere, weightHere)
                          .set("stratum", stratum.name())
                          .set("rate", stratum.rate())
                          .set("because", because(stratum, keptHere))
                          .build());
                }
              }
              rows.add(
                  row(day, all, whole, keptRows, weight)
                      .set("rate", some.size() == 1 ? some.get(0).rate() : null)
                      .set("bytes", Math.round(bytesPerRow * all))
                      .set("bytes_kept", bytes.get(day))
                      .set("because", because(all, whole, keptRows, some.size()))
                      .build());
            });
    return rows;
  }

  private TableRow row(LocalDate day, long rows, long whole, long kept, double weight) {
    Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    TableRow row =
        new TableRow(Tables.SAMPLING_VOLUMES.schema())
            .window(start, Granularity.DAY.next(start))
            .set("granularity", Granularity.DAY.label())
            .set("model_id", spec.model().model())
            .set("run_id", spec.runId())
            .set("computed_at", computedAt)
            .set("rows", rows)
            .set("rows_whole", whole)
            .set("rows_kept", kept)
            .set("weight_kept", weight);
    sampling
        .costPerMillionRows()
        .ifPresent(
            cost -> row.set("cost", cost * rows / MILLION).set("cost_kept", cost * kept / MILLION));
    return row;
  }

  private String because(Strata.Stratum stratum, long kept) {
    String spread =
        sampling.allocation() == Sampling.Allocation.NEYMAN && Double.isFinite(stratum.deviation())
            ? String.format(
                Locale.ROOT,
                ", as %s varies there by %.4g",
                sampling.measure().orElseThrow(),
                stratum.deviation())
            : "";
    return String.format(
        Locale.ROOT,
        "%,d of %,d rows are kept, %,d of them for certain; the rate of the others is %.4g %%%s.",
        kept,
        stratum.rows(),
        stratum.whole(),
        100 * stratum.rate(),
        spread);
  }

  private String because(long rows, long whole, long kept, int strata) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d rows are kept, %.4g %%, %,d of them for certain%s.",
        kept,
        rows,
        100.0 * kept / rows,
        whole,
        sampling.strata().isEmpty() ? "" : String.format(Locale.ROOT, ", of %,d strata", strata));
  }
}

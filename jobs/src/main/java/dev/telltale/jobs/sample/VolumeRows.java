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
              Volume ofDay = Volume.NONE;
              for (Strata.Stratum stratum : some) {
                Volume volume = Volume.of(stratum, found.get(List.of(day, stratum.name())));
                ofDay = ofDay.plus(volume);
                if (!sampling.strata().isEmpty()) {
                  rows.add(ofStratum(day, stratum, volume));
                }
              }
              rows.add(ofDay(day, some, ofDay, bytes.get(day)));
            });
    return rows;
  }

  /**
   * What there is and what is kept of it.
   *
   * @param rows rows with an id
   * @param whole of them, those kept for certain
   * @param kept rows of the sample
   * @param weight sum of their weights
   */
  private record Volume(long rows, long whole, long kept, double weight) {
    static final Volume NONE = new Volume(0, 0, 0, 0);

    /** Of a stratum; {@code kept} is null where the sample has no row of it. */
    static Volume of(Strata.Stratum stratum, Row kept) {
      return new Volume(
          stratum.rows(),
          stratum.whole(),
          kept == null ? 0 : kept.<Long>getAs("rows"),
          kept == null ? 0 : kept.<Double>getAs("weight"));
    }

    Volume plus(Volume other) {
      return new Volume(
          rows + other.rows, whole + other.whole, kept + other.kept, weight + other.weight);
    }
  }

  private Row ofStratum(LocalDate day, Strata.Stratum stratum, Volume volume) {
    return row(day, volume)
        .set("stratum", stratum.name())
        .set("rate", stratum.rate())
        .set("because", because(stratum, volume.kept()))
        .build();
  }

  private Row ofDay(LocalDate day, List<Strata.Stratum> strata, Volume volume, long bytesKept) {
    return row(day, volume)
        .set("rate", strata.size() == 1 ? strata.get(0).rate() : null)
        .set("bytes", Math.round(bytesPerRow * volume.rows()))
        .set("bytes_kept", bytesKept)
        .set("because", because(volume.rows(), volume.whole(), volume.kept(), strata.size()))
        .build();
  }

  private TableRow row(LocalDate day, Volume volume) {
    Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    TableRow row =
        new TableRow(Tables.SAMPLING_VOLUMES.schema())
            .window(start, Granularity.DAY.next(start))
            .set("granularity", Granularity.DAY.label())
            .set("model_id", spec.model().model())
            .set("run_id", spec.runId())
            .set("computed_at", computedAt)
            .set("rows", volume.rows())
            .set("rows_whole", volume.whole())
            .set("rows_kept", volume.kept())
            .set("weight_kept", volume.weight());
    sampling
        .costPerMillionRows()
        .ifPresent(
            cost ->
                row.set("cost", cost * volume.rows() / MILLION)
                    .set("cost_kept", cost * volume.kept() / MILLION));
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

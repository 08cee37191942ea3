package dev.telltale.jobs.alerts;

import dev.telltale.config.Granularity;
import dev.telltale.finding.Acknowledgement;
import dev.telltale.finding.Alert;
import dev.telltale.finding.AlertPolicy;
import dev.telltale.finding.AlertStatus;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.ResultDays;
import dev.telltale.jobs.lake.RunEntry;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.WindowScope;
import io.delta.exceptions.DeltaConcurrentModificationException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Turns findings into alerts: the alert episodes as they stood after each window of the interval.
 *
 * <p>Where findings or profiles of earlier windows changed since the job last ran, it begins with
 * the earliest of those; and it goes on to the newest window there is, since each window stands on
 * the ones before. Other runs may write windows of the same model at the same time: what they
 * change while this one computes is computed again before it ends.
 */
public final class AlertsJob implements NightlyJob {
  /** Name on the command line and in the ledger. */
  public static final String NAME = "alerts";

  private static final int ATTEMPTS = 8;
  private static final List<Tables> INPUTS = List.of(Tables.FINDINGS, Tables.PROFILE_METRICS);
  private static final List<Tables> READ =
      List.of(
          Tables.FINDINGS, Tables.PROFILE_METRICS, Tables.ALERT_ACKNOWLEDGEMENTS, Tables.ALERTS);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    AlertPolicy policy = AlertPolicy.of(spec.model().alerts());
    Optional<RunEntry> earlier =
        spec.asOf().isPresent()
            ? lake.ledger().find(spec.asOf().get(), NAME)
            : lake.ledger().lastSucceeded(spec.model().model(), NAME);
    Lake view = lake;
    for (int attempt = 1; ; attempt++) {
      Pass pass = new Pass(view, spec, policy, earlier);
      boolean last = spec.dryRun() || spec.asOf().isPresent() || attempt == ATTEMPTS;
      try {
        pass.run();
      } catch (DeltaConcurrentModificationException e) {
        if (last) {
          throw e;
        }

        view = lake.latest();
        continue;
      }
      if (last || pass.isUpToDate()) {
        return pass.result();
      }

      view = lake.latest();
    }
  }

  /** One computation over one view of the lake. */
  private static final class Pass {
    private final Lake lake;
    private final NightSpec spec;
    private final String modelId;
    private final AlertPolicy policy;
    private final Optional<RunEntry> earlier;
    private final TreeSet<Instant> restated = new TreeSet<>();
    private final List<Alert> newest = new ArrayList<>();
    private final List<WindowScope> scopes = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final Instant computedAt = Instant.now();
    private long windows;
    private long rowsRead;
    private long rowsWritten;
    private int commits;

    Pass(Lake lake, NightSpec spec, AlertPolicy policy, Optional<RunEntry> earlier) {
      this.lake = lake;
      this.spec = spec;
      this.modelId = spec.model().model();
      this.policy = policy;
      this.earlier = earlier;
    }

    void run() {
      READ.forEach(lake::pin);
      Map<String, Acknowledgement> acknowledgements = Acknowledgements.of(lake, modelId);
      for (Granularity granularity : spec.model().granularities()) {
        Instant first = first(granularity);
        AlertReplay.Replayed replayed =
            new AlertReplay(lake, modelId, granularity, policy)
                .from(
                    first, isComputed(granularity.previous(first), granularity), acknowledgements);
        replayed.alerts().headMap(granularity.floor(spec.from())).keySet().forEach(restated::add);
        windows += replayed.alerts().size();
        rowsRead += replayed.rowsRead();
        rowsWritten += replayed.alerts().values().stream().mapToLong(List::size).sum();
        if (!replayed.alerts().isEmpty()) {
          newest.addAll(replayed.alerts().get(replayed.alerts().lastKey()));
        }
        if (!replayed.isStored()) {
          add(granularity, replayed);
        }
      }
      if (!spec.dryRun() && !scopes.isEmpty()) {
        lake.writer(spec.runId()).replace(Tables.ALERTS, scopes, rows);
        commits++;
      }
    }

    /** Whether the run before this one has computed the alerts of a window. */
    private boolean isComputed(Instant window, Granularity granularity) {
      return spec.asOf().isEmpty()
          && earlier
              .filter(entry -> !granularity.floor(entry.from()).isAfter(window))
              .filter(entry -> !entry.to().isBefore(granularity.next(window)))
              .isPresent();
    }

    /** The first window to compute. */
    private Instant first(Granularity granularity) {
      Instant first = granularity.floor(spec.from());
      Stream<Instant> changed =
          spec.asOf().isPresent()
              ? earlier.stream().flatMap(entry -> entry.restated().stream())
              : INPUTS.stream().flatMap(table -> changed(table, granularity).stream());
      return changed
          .map(granularity::floor)
          .filter(first::isAfter)
          .min(Instant::compareTo)
          .orElse(first);
    }

    /** Start of the first day of a table that changed since the job last ran. */
    private Optional<Instant> changed(Tables table, Granularity granularity) {
      Long since = earlier.map(entry -> entry.sources().get(lake.path(table))).orElse(null);
      if (since == null) {
        return Optional.empty();
      }

      ResultDays days = ResultDays.of(lake, table, modelId, granularity);
      SortedSet<LocalDate> touched = days.touchedSince(since).orElseGet(days::present);
      return touched.isEmpty()
          ? Optional.empty()
          : Optional.of(touched.first().atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private void add(Granularity granularity, AlertReplay.Replayed replayed) {
      replayed
          .alerts()
          .forEach(
              (start, alerts) ->
                  alerts.forEach(
                      alert -> rows.add(AlertRows.of(alert, start, spec.runId(), computedAt))));
      TreeSet<Instant> windows = new TreeSet<>(replayed.alerts().keySet());
      windows.addAll(replayed.stored().keySet());
      scopes.add(WindowScope.of(modelId, granularity, windows));
    }

    /** Whether nobody else has since written what this pass has read of the model. */
    boolean isUpToDate() {
      Lake now = lake.latest();
      return READ.stream().noneMatch(table -> isTouched(now, table));
    }

    private boolean isTouched(Lake now, Tables table) {
      long read = lake.versionsRead().get(lake.path(table));
      int own = table == Tables.ALERTS ? commits : 0;
      if (now.version(table) == read + own) {
        return false;
      }

      // Commits of other models are told apart only where none is this pass's own.
      boolean byModelAndWindow = table != Tables.ALERT_ACKNOWLEDGEMENTS && own == 0;
      return !byModelAndWindow
          || spec.model().granularities().stream()
              .map(granularity -> ResultDays.of(now, table, modelId, granularity))
              .map(days -> days.touchedSince(read).orElseGet(days::present))
              .anyMatch(days -> !days.isEmpty());
    }

    Result result() {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("windows", windows);
      for (AlertStatus status : AlertStatus.values()) {
        long count = newest.stream().filter(alert -> alert.status() == status).count();
        summary.put(status.name().toLowerCase(Locale.ROOT), count);
      }
      summary.put("restated_windows", restated.stream().map(Instant::toString).toList());
      return new Result(
          lake.versionsRead(), List.copyOf(restated), rowsRead, 0, rowsWritten, summary);
    }
  }
}

package dev.telltale.jobs.system;

import dev.telltale.config.Granularity;
import dev.telltale.config.ModelConfig;
import dev.telltale.config.SystemQuality;
import dev.telltale.finding.Finding;
import dev.telltale.jobs.NightSpec;
import dev.telltale.jobs.NightlyJob;
import dev.telltale.jobs.alerts.FindingRows;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.LakeWriter;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Telemetry;
import dev.telltale.jobs.lake.TelemetryChanges;
import dev.telltale.jobs.lake.WindowScope;
import dev.telltale.jobs.profile.ProfiledWindows;
import dev.telltale.stats.MultipleTesting;
import dev.telltale.system.ServiceMetrics;
import dev.telltale.system.ServiceWindow;
import dev.telltale.system.SystemJudge;
import dev.telltale.system.SystemVerdict;
import dev.telltale.system.SystemVerdict.ComparedWith;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The job {@code system}: how well the service around the model works, from one scan of the few
 * columns of the telemetry that say so, per version and window; coarser windows from states alone.
 * Windows of earlier nights whose rows have changed since are computed again.
 */
public final class SystemJob implements NightlyJob {
  /** Name of the job. */
  public static final String NAME = "system";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Result run(SparkSession spark, Lake lake, NightSpec spec) {
    return spec.model()
        .system()
        .map(declared -> new Run(lake, spec, declared).result())
        .orElseGet(
            () -> Result.nothingDone(lake.versionsRead(), List.of(), Map.of("declared", false)));
  }

  /** One run of the job. */
  private static final class Run {
    private final Lake lake;
    private final NightSpec spec;
    private final ModelConfig model;
    private final SystemQuality declared;
    private final Granularity finest;
    private final Instant computedAt = Instant.now();
    private final List<Row> states = new ArrayList<>();
    private final List<Row> metrics = new ArrayList<>();
    private final List<Row> comparisons = new ArrayList<>();
    private final List<Row> crashes = new ArrayList<>();
    private final List<Row> findings = new ArrayList<>();
    private final List<WindowScope> computedScopes = new ArrayList<>();
    private final List<WindowScope> judgedScopes = new ArrayList<>();
    private int degraded;

    Run(Lake lake, NightSpec spec, SystemQuality declared) {
      this.lake = lake;
      this.spec = spec;
      this.model = spec.model();
      this.declared = declared;
      this.finest = model.granularities().get(0);
    }

    Result result() {
      SourceTable telemetry = lake.telemetry(model);
      ServiceRows rows = new ServiceRows(model, declared, telemetry);
      Optional<CrashTable> reports =
          declared.crashes().map(crashTable -> new CrashTable(lake, crashTable, finest));
      SortedSet<Instant> interval =
          WindowScope.between(model.model(), finest, spec.from(), spec.to()).windows();
      interval.removeIf(start -> finest.next(start).isAfter(spec.to()));
      SortedSet<Instant> restated = new TreeSet<>();
      if (!interval.isEmpty()) {
        restated.addAll(changed(rows.telemetry(), interval));
        reports.ifPresent(table -> restated.addAll(changed(table.reports(), interval)));
      }
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("windows", interval.size());
      summary.put("windows_restated", restated.size());
      if (spec.dryRun()) {
        return Result.nothingDone(lake.versionsRead(), restated, summary);
      }
      SortedSet<Instant> windows = new TreeSet<>(interval);
      windows.addAll(restated);
      SortedSet<Instant> repeated =
          ProfiledWindows.mayRepeatIds(lake, spec, telemetry, finest, windows);
      Map<Instant, ServiceStates> fresh = rows.states(windows, repeated);
      Optional<CrashHistory> history =
          reports.map(table -> new CrashHistory(lake, model, windows, table.groups(windows)));
      SystemWindows all = new SystemWindows(lake, model, fresh);
      Map<String, Instant> firstSeen = all.firstSeen();
      for (Granularity granularity : model.granularities()) {
        judge(granularity, all, firstSeen, history);
      }
      long rowsWritten = write();
      summary.put(
          "requests", interval.stream().mapToLong(window -> fresh.get(window).all().rows()).sum());
      summary.put("versions", firstSeen.size());
      summary.put("comparisons", comparisons.size());
      summary.put("degraded", degraded);
      return new Result(
          lake.versionsRead(),
          List.copyOf(restated),
          fresh.values().stream().mapToLong(one -> one.all().rowsRead()).sum(),
          0,
          rowsWritten,
          summary);
    }

    private SortedSet<Instant> changed(Telemetry table, SortedSet<Instant> interval) {
      return TelemetryChanges.since(
              lake, spec, NAME, Tables.SYSTEM_METRICS, table, finest, interval)
          .windows();
    }

    private void judge(
        Granularity granularity,
        SystemWindows all,
        Map<String, Instant> firstSeen,
        Optional<CrashHistory> history) {
      Map<Instant, ServiceStates> computed = all.computed(granularity);
      SortedSet<Instant> judged = new TreeSet<>();
      computed.keySet().forEach(window -> judged.add(granularity.next(window)));
      judged.addAll(all.outdated(granularity));
      history.ifPresent(crashed -> judged.addAll(crashed.outdated(granularity)));
      judged.removeAll(computed.keySet());
      judged.retainAll(all.present(granularity, judged));
      judged.addAll(computed.keySet());
      SortedSet<Instant> others = new TreeSet<>(judged);
      judged.forEach(window -> others.add(granularity.previous(window)));
      others.removeAll(computed.keySet());
      Map<Instant, ServiceStates> known = new HashMap<>(all.stored(granularity, others));
      known.putAll(computed);

      SystemRows rows = new SystemRows(spec, granularity, computedAt);
      SystemFindings found = new SystemFindings(model.model(), granularity);
      Map<Instant, Map<String, Finding>> findingsOf = new HashMap<>();
      for (Instant window : judged) {
        Map<Optional<String>, ServiceWindow> now =
            windows(granularity, window, known.get(window), firstSeen, history);
        Instant preceding = granularity.previous(window);
        Map<Optional<String>, ServiceWindow> before =
            known.containsKey(preceding)
                ? windows(granularity, preceding, known.get(preceding), firstSeen, history)
                : Map.of();
        List<SystemVerdict> verdicts = verdicts(now, before, firstSeen);
        verdicts.forEach(verdict -> comparisons.add(rows.verdict(window, verdict)));
        now.forEach(
            (version, one) ->
                ServiceMetrics.of(one, declared)
                    .forEach(
                        metric -> metrics.add(rows.metric(window, version.orElse(null), metric))));
        List<CrashGroup> groups =
            history.map(crashed -> crashed.groups(granularity, window)).orElse(List.of());
        groups.forEach(
            group ->
                crashes.add(
                    rows.crashes(
                        group,
                        history.get().first(group.signature()),
                        history.get().isNew(window, group))));
        List<Finding> of =
            found.of(
                window,
                verdicts,
                groups,
                history.orElse(null),
                findingsOf.containsKey(preceding)
                    ? findingsOf.get(preceding)
                    : FindingRows.stored(lake, model.model(), granularity, preceding, NAME));
        of.forEach(one -> findings.add(FindingRows.of(one, spec.runId(), computedAt)));
        degraded += (int) of.stream().filter(Finding::isFiring).count();
        findingsOf.put(window, FindingRows.byKey(of));
      }
      computed.forEach(
          (window, one) -> {
            states.add(rows.state(window, null, one.all()));
            one.versions()
                .forEach((version, state) -> states.add(rows.state(window, version, state)));
          });
      if (!judged.isEmpty()) {
        computedScopes.add(WindowScope.of(model.model(), granularity, computed.keySet()));
        judgedScopes.add(WindowScope.of(model.model(), granularity, judged));
      }
    }

    /** A window of all versions and of each. */
    private Map<Optional<String>, ServiceWindow> windows(
        Granularity granularity,
        Instant window,
        ServiceStates known,
        Map<String, Instant> firstSeen,
        Optional<CrashHistory> history) {
      Map<Optional<String>, ServiceWindow> windows = new LinkedHashMap<>();
      Instant end = granularity.next(window);
      long minutes = Duration.between(window, end).toMinutes();
      Optional<String> main = known.main();
      List<Optional<String>> versions = new ArrayList<>(List.of(Optional.empty()));
      known.versions().keySet().forEach(version -> versions.add(Optional.of(version)));
      for (Optional<String> version : versions) {
        var state = version.map(known.versions()::get).orElse(known.all());
        OptionalLong crashed =
            history.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(history.get().crashes(granularity, window, version));
        Optional<Instant> trained =
            version
                .or(() -> main)
                .map(known.versions()::get)
                .or(() -> Optional.of(state))
                .filter(of -> of.trainedAt() > 0)
                .map(of -> Instant.ofEpochSecond(of.trainedAt()));
        windows.put(
            version,
            new ServiceWindow(
                version,
                state,
                crashed,
                minutes,
                end,
                trained.or(() -> version.or(() -> main).map(firstSeen::get))));
      }
      return windows;
    }

    private List<SystemVerdict> verdicts(
        Map<Optional<String>, ServiceWindow> now,
        Map<Optional<String>, ServiceWindow> before,
        Map<String, Instant> firstSeen) {
      SystemJudge judge =
          new SystemJudge(
              model.drift().alpha(),
              MultipleTesting.valueOf(model.drift().correction()),
              model.drift().minimumRows(),
              declared);
      now.forEach(
          (version, window) -> {
            if (version.isPresent()
                && window.state().rows() == now.get(Optional.<String>empty()).state().rows()) {
              // The only version is all versions: nothing is said twice.
              return;
            }
            judge.askObjectives(window);
            if (before.containsKey(version)) {
              judge.askChange(window, before.get(version), ComparedWith.CONSECUTIVE);
            }
            version
                .flatMap(name -> previous(name, now, firstSeen))
                .ifPresent(other -> judge.askChange(window, other, ComparedWith.PREVIOUS_VERSION));
          });
      return judge.verdicts();
    }

    /** The version before, of those that answer beside it: by first appearance, then by name. */
    private static Optional<ServiceWindow> previous(
        String version, Map<Optional<String>, ServiceWindow> now, Map<String, Instant> firstSeen) {
      Comparator<String> order =
          Comparator.comparing((String name) -> firstSeen.get(name))
              .thenComparing(Comparator.naturalOrder());
      return now.keySet().stream()
          .flatMap(Optional::stream)
          .filter(other -> order.compare(other, version) < 0)
          .max(order)
          .map(other -> now.get(Optional.of(other)));
    }

    private long write() {
      LakeWriter writer = lake.writer(spec.runId()).without(model.privacy());
      List<WindowScope> ofFindings = judgedScopes.stream().map(scope -> scope.ofJob(NAME)).toList();
      return judgedScopes.isEmpty()
          ? 0
          : writer.together(
              List.of(
                  () -> writer.replace(Tables.SYSTEM_STATES, computedScopes, states),
                  () -> writer.replace(Tables.SYSTEM_METRICS, judgedScopes, metrics),
                  () -> writer.replace(Tables.SYSTEM_COMPARISONS, judgedScopes, comparisons),
                  () -> writer.replace(Tables.CRASH_GROUPS, judgedScopes, crashes),
                  () -> writer.replace(Tables.FINDINGS, ofFindings, findings)));
    }
  }
}

package dev.telltale.jobs.maintain;

import dev.telltale.config.ModelConfig;
import dev.telltale.config.Sampling;
import dev.telltale.error.Errors;
import dev.telltale.jobs.Together;
import dev.telltale.jobs.lake.History;
import dev.telltale.jobs.lake.Lake;
import dev.telltale.jobs.lake.Maintenance;
import dev.telltale.jobs.lake.RowChoice;
import dev.telltale.jobs.lake.SourceErrors;
import dev.telltale.jobs.lake.SourceTable;
import dev.telltale.jobs.lake.Tables;
import dev.telltale.jobs.lake.Upkeep;
import dev.telltale.jobs.profile.BaselineStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Erases one subject from every table of a lake and from the tables that its models read: its rows,
 * its name where rows are only counted, and every old version that still has them.
 *
 * <p>In this order, so that one that dies in the middle can be run again and finishes: first rows
 * that are known only through others, then those others; then where changes begin is written down;
 * then history goes. Running it for a subject that is not there only clears history again.
 */
public final class EraseJob {
  /** Name in the ledger. */
  public static final String NAME = "maintain erase";

  private static final List<Tables> PREDICTIONS =
      List.of(Tables.LABELLED, Tables.REGRESSION_SET, Tables.LABELLING_QUEUE);

  /** What people and schedulers did; of nobody whose rows are monitored. */
  private static final Set<Tables> OF_OPERATION =
      Set.of(Tables.RUNS, Tables.MAINTENANCE, Tables.ALERT_ACKNOWLEDGEMENTS);

  private static final int TABLES_AT_ONCE = 8;

  private final SparkSession spark;
  private final EraseSpec spec;
  private final Lake lake;
  private final List<Done> done = new ArrayList<>();
  private final Instant computedAt = Instant.now();

  private EraseJob(SparkSession spark, EraseSpec spec) {
    this.spark = spark;
    this.spec = spec;
    this.lake = Lake.at(spark, spec.lake()).requireInitialised();
  }

  /**
   * What was erased.
   *
   * @param tables by table what went, as an answer has it
   * @param rows rows that went
   * @param predictions predictions of the subject that were known
   * @param names rows of counts in which a name was replaced
   * @param filesLeft files of the lake beside its tables that still have the subject's name
   */
  public record Result(
      List<Map<String, Object>> tables,
      long rows,
      long predictions,
      long names,
      List<String> filesLeft) {}

  /**
   * Erases.
   *
   * @throws dev.telltale.error.TelltaleException for what the user can mend
   */
  public static Result run(SparkSession spark, EraseSpec spec) {
    try {
      return new EraseJob(spark, spec).run();
    } catch (RuntimeException e) {
      throw SourceErrors.translate(e);
    }
  }

  private Result run() {
    long predictions = 0;
    long names = 0;
    Set<String> forms = new TreeSet<>();
    for (var file : spec.models()) {
      ModelConfig model = file.config();
      Subject subject = Subject.of(column(model), spec.subject(), model.privacy());
      Instant started = Instant.now();
      forms.addAll(subject.storedForms());
      SubjectRows rows = new SubjectRows(lake.latest(), model, subject);
      requireColumn(rows, subject);
      predictions += rows.predictions();
      names += erase(model, subject, rows);
      if (!spec.dryRun()) {
        lake.ledger().record(List.of(EraseLedger.entry(spec, file, started)));
      }
    }
    List<String> left = new LakeFiles(spark, spec.lake()).naming(forms);
    long rows = done.stream().mapToLong(one -> one.change().rows()).sum() - names;
    return new Result(done.stream().map(Done::json).toList(), rows, predictions, names, left);
  }

  private String column(ModelConfig model) {
    return spec.column()
        .or(() -> model.sampling().flatMap(Sampling::unit))
        .orElse(model.telemetry().id());
  }

  private void requireColumn(SubjectRows rows, Subject subject) {
    List<String> sources = rows.sources();
    boolean known =
        sources.stream()
            .anyMatch(
                table -> SubjectRows.has(lake.latest().source(table).schema(), subject.column()));
    if (!known) {
      throw Errors.noSubjectColumn(subject.column(), sources);
    }
  }

  /** The rows of counts in which a name was replaced. */
  private long erase(ModelConfig model, Subject subject, SubjectRows rows) {
    Lake view = lake.latest();
    SourceTable telemetry = view.source(model.telemetry().table());
    Identifying identifying = new Identifying(view, model, subject);
    boolean asNumber = identifying.isSummarisedAsNumber();
    boolean inLog = SubjectRows.has(telemetry.schema(), subject.column());
    Map<String, List<String>> values =
        identifying.values(telemetry, inLog ? rows.isSubject() : functions.lit(false));
    PendingDays pending = PendingDays.of(spark, view, model, spec.runId());
    Set<Tables> results = results();
    Set<Upkeep> tables = new LinkedHashSet<>();
    results.forEach(table -> tables.add(lake.upkeep(table)));
    applyToEach(PREDICTIONS, results, rows::of);
    applyToEach(Examples.TABLES, results, table -> new Examples(table, model.model()));
    applyToEach(Units.TABLES, results, table -> rows.units());
    long names = 0;
    for (Tables table : results) {
      if (table == Tables.LABELLED) {
        continue;
      }
      if (asNumber && Arrays.asList(table.schema().fieldNames()).contains("column_name")) {
        Column ofColumn =
            functions
                .col("model_id")
                .equalTo(model.model())
                .and(functions.col("column_name").equalTo(subject.column()));
        apply(lake.upkeep(table), RowChoice.of(ofColumn));
      }
      int before = done.size();
      Upkeep upkeep = lake.upkeep(table);
      apply(upkeep, new Names(table, model.model(), values, identifying.anchors()));
      names +=
          done.subList(before, done.size()).stream().mapToLong(one -> one.change().rows()).sum();
    }
    for (String table : rows.sources()) {
      if (!table.equals(model.telemetry().table())) {
        tables.add(apply(lake.upkeep(table), rows.of(table)));
      }
    }
    Optional<Long> standsFor = baseline(model, rows, tables);
    tables.add(apply(lake.upkeep(model.telemetry().table()), rows.of(model.telemetry().table())));
    if (!spec.dryRun()) {
      forget(model, pending, tables, standsFor);
    }
    return names;
  }

  /** Result tables that may have or have had rows about a subject; most models write to some. */
  private Set<Tables> results() {
    Set<Tables> results = EnumSet.noneOf(Tables.class);
    Lake view = lake.latest();
    for (Tables table : Tables.values()) {
      if (!OF_OPERATION.contains(table)
          && !(lake.upkeep(table).history().isNone() && !view.hasFiles(table))) {
        results.add(table);
      }
    }
    return results;
  }

  private void applyToEach(
      List<Tables> tables, Set<Tables> results, Function<Tables, RowChoice> choice) {
    for (Tables table : tables) {
      if (results.contains(table)) {
        apply(lake.upkeep(table), choice.apply(table));
      }
    }
  }

  private Upkeep apply(Upkeep table, RowChoice choice) {
    Upkeep.Change change = table.rewrite(choice, "erasure", spec.runId(), spec.dryRun());
    if (change.rows() > 0) {
      done.add(new Done(table.location(), Maintenance.ERASURE, Optional.empty(), change));
    }
    return table;
  }

  /**
   * The subject's rows of the baseline. It is left alone where it has none: its pinned version is
   * what states are kept on.
   *
   * @return the pinned version, if what is left of it may stand for it
   */
  private Optional<Long> baseline(ModelConfig model, SubjectRows rows, Set<Upkeep> tables) {
    String name = model.baseline().table();
    Lake view = lake.latest();
    if (!lake.upkeep(name).exists() || rows.sources().contains(name)) {
      return Optional.empty();
    }
    SourceTable pinned = new BaselineStore(spark, view).stored(model);
    RowChoice choice = rows.of(name);
    boolean isIn =
        !choice.chosen(pinned.data()).isEmpty()
            || !choice.chosen(lake.latest().source(name).data()).isEmpty();
    if (!isIn) {
      return Optional.empty();
    }
    boolean unchanged = lake.latest().source(name).hasRowsOf(pinned);
    tables.add(apply(lake.upkeep(name), choice));
    return unchanged ? Optional.of(pinned.version()) : Optional.empty();
  }

  /** Where changes begin goes first: without it, the next night could not tell what is new. */
  private void forget(
      ModelConfig model, PendingDays pending, Set<Upkeep> tables, Optional<Long> standsFor) {
    NavigableSet<Instant> restate = pending.days();
    String baseline = lake.upkeep(model.baseline().table()).location();
    // Most of it is waiting for small jobs.
    List<Begin> begins =
        Together.all(
            TABLES_AT_ONCE,
            tables.stream().map(table -> (Supplier<Begin>) () -> Begin.of(table)).toList());
    List<org.apache.spark.sql.Row> rows = new ArrayList<>();
    for (Begin begin : begins) {
      String location = begin.table().location();
      rows.add(
          Maintenance.row(spec.runId(), model.model(), location, Maintenance.ERASURE, computedAt)
              .set("version", begin.version())
              .set("stands_for", location.equals(baseline) ? standsFor : null)
              .set(
                  "restate",
                  restate.stream().map(java.sql.Timestamp::from).toArray(java.sql.Timestamp[]::new))
              .build());
    }
    lake.writer(spec.runId()).append(Tables.MAINTENANCE, rows);
    List<Supplier<Boolean>> forgotten =
        begins.stream().map(begin -> (Supplier<Boolean>) begin::forget).toList();
    History.unchecked(spark, () -> Together.all(TABLES_AT_ONCE, forgotten));
  }

  /**
   * Where the history of a table is to begin.
   *
   * @param isNone whether there is none before already
   */
  private record Begin(Upkeep table, long version, boolean isNone) {
    static Begin of(Upkeep table) {
      boolean isNone = table.history().isNone();
      return new Begin(table, isNone ? table.version() : table.history().begin(), isNone);
    }

    boolean forget() {
      if (!isNone) {
        table.history().forgetBefore(version);
      }
      return !isNone;
    }
  }
}

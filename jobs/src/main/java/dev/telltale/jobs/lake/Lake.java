package dev.telltale.jobs.lake;

import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The lake: the result tables of Telltale, and the way to every table a job reads.
 *
 * <p>A view of the lake remembers the Delta version of each table read through it, and reads a
 * table at one version however often it is asked. {@link #pinned} gives a view that reads the
 * versions of an earlier run again.
 */
public final class Lake {
  private final SparkSession spark;
  private final Location location;
  private final Map<String, Long> pins;
  private final List<RunEntry> done;
  private final Map<String, Long> versionsRead = Collections.synchronizedMap(new LinkedHashMap<>());

  private Lake(SparkSession spark, Location location, Map<String, Long> pins, List<RunEntry> done) {
    this.spark = spark;
    this.location = location;
    this.pins = Map.copyOf(pins);
    this.done = List.copyOf(done);
  }

  /**
   * The lake at a place, which need not exist yet.
   *
   * @param location a directory, as a path or URI, or {@code CATALOG.SCHEMA}
   */
  public static Lake at(SparkSession spark, String location) {
    return new Lake(spark, Location.of(spark, location), Map.of(), List.of());
  }

  /** A fresh view that reads the tables in {@code versions} at these versions, others at latest. */
  public Lake pinned(Map<String, Long> versions) {
    return new Lake(spark, location, versions, List.of());
  }

  /** A fresh view with the same pins that knows which jobs this run has done already. */
  public Lake after(List<RunEntry> jobs) {
    return new Lake(spark, location, pins, jobs);
  }

  /** A job that this run has done before this one; the ledger has it only when the run is over. */
  public Optional<RunEntry> doneInThisRun(String job) {
    return done.stream()
        .filter(entry -> entry.job().equals(job) && entry.outcome().equals(RunEntry.SUCCEEDED))
        .findFirst();
  }

  /** A fresh view that reads all tables at their latest version. */
  public Lake latest() {
    return pinned(Map.of());
  }

  /** Creates what is missing; adds columns that newer code has. Never changes existing rows. */
  public void init() {
    new Initialiser(spark, this).run();
  }

  /**
   * This lake, if every result table is there.
   *
   * @throws dev.telltale.error.TelltaleException if a table is missing (exit 3)
   */
  public Lake requireInitialised() {
    for (Tables table : Tables.values()) {
      if (!exists(table)) {
        throw Errors.lakeNotInitialised(location(), table.tableName());
      }
    }
    return this;
  }

  /** The place, as given. */
  public String location() {
    return location.toString();
  }

  /** Whether the table exists. */
  public boolean exists(Tables table) {
    return address(table).exists(spark);
  }

  /** Path or catalog name of a result table. */
  public String path(Tables table) {
    return address(table).toString();
  }

  /** The text that names a result table in SQL. */
  public String sqlName(Tables table) {
    return address(table).sqlName();
  }

  /** Latest version of a result table. */
  public long version(Tables table) {
    return address(table).latestVersion(spark);
  }

  /** Whether a result table has files, and so perhaps rows, at this view's version. */
  public boolean hasFiles(Tables table) {
    return !files(table).partitions().isEmpty();
  }

  /** Fixes the version at which this view reads a table: the latest there is now. */
  public void pin(Tables table) {
    open(address(table));
  }

  /** A result table at this view's version, for what is too much for the driver. */
  public Dataset<Row> read(Tables table) {
    return open(address(table)).data();
  }

  /**
   * Rows of the days of some windows at this view's version, for what is too much for the driver.
   */
  public Dataset<Row> read(Tables table, WindowScope scope) {
    return open(address(table)).data(scope::hasPartition).where(scope.predicate());
  }

  /**
   * Rows of a result table at this view's version, on the driver and without a Spark job.
   *
   * @param scope of these windows only
   * @param columns these columns; none = all
   */
  public List<Row> rows(Tables table, WindowScope scope, String... columns) {
    if (scope.windows().isEmpty()) {
      return List.of();
    }
    Set<String> wanted = new LinkedHashSet<>(List.of(columns));
    if (columns.length > 0) {
      wanted.add("window_start");
    }
    return rows(table, scope::hasPartition, wanted.toArray(new String[0])).stream()
        .filter(row -> scope.windows().contains(row.<Timestamp>getAs("window_start").toInstant()))
        .toList();
  }

  /**
   * Rows of a result table at this view's version, on the driver and without a Spark job.
   *
   * @param partitions which partitions, by the values of the partition columns as text
   * @param columns these columns; none = all
   */
  public List<Row> rows(
      Tables table, Predicate<Map<String, String>> partitions, String... columns) {
    StructType schema = table.schema();
    if (columns.length > 0) {
      schema =
          new StructType(
              Arrays.stream(columns).map(table.schema()::apply).toArray(StructField[]::new));
    }
    return files(table).rows(partitions, schema);
  }

  DeltaFiles files(Tables table) {
    return address(table).files(spark, open(address(table)).version());
  }

  /**
   * A table that Telltale reads and does not write, at this view's version.
   *
   * @param table a Delta path, absolute or relative to the lake, or a catalog name
   * @throws dev.telltale.error.TelltaleException if there is no such Delta table (exit 3)
   */
  public SourceTable source(String table) {
    return open(location.resolve(spark, table));
  }

  /** The log of all predictions, with its columns as they may be seen. */
  public SourceTable telemetry(ModelConfig model) {
    ModelConfig.Predictions log = model.telemetry();
    return source(log.table()).seenUnder(model.privacy(), Optional.of(log.eventTime()));
  }

  /** The log that jobs read: the telemetry, or a sample of it, which is stored as it may be. */
  public SourceTable predictions(ModelConfig model) {
    return model.sampling().isPresent() ? source(model.predictions().table()) : telemetry(model);
  }

  /**
   * Like {@link #source(String)}, at a version; where rows of a subject were erased since, what is
   * left of it.
   */
  public SourceTable source(String table, long version) {
    TableAddress address = location.resolve(spark, table);
    versionsRead.put(address.toString(), version);
    return new SourceTable(
        spark,
        address,
        version,
        maintenance().standIn(address.toString(), version).orElse(version));
  }

  private SourceTable open(TableAddress address) {
    String name = address.toString();
    Long version = versionsRead.get(name);
    if (version == null) {
      version = pins.containsKey(name) ? pins.get(name) : address.latestVersion(spark);
      versionsRead.put(name, version);
    }
    return new SourceTable(spark, address, version);
  }

  /**
   * The table that a sample is kept in.
   *
   * @param table a Delta path, absolute or relative to the lake, or a catalog name
   */
  public SampleTable sample(String table) {
    return new SampleTable(spark, location.resolve(spark, table));
  }

  /** Versions of the tables read through this view so far, by path or catalog name. */
  public Map<String, Long> versionsRead() {
    return new LinkedHashMap<>(versionsRead);
  }

  /** The writer of a run. */
  public LakeWriter writer(String runId) {
    return new LakeWriter(spark, this, runId);
  }

  /** What {@code maintain} has done to tables, as the lake knows it now. */
  public Maintenance maintenance() {
    return new Maintenance(this);
  }

  /** What can be done to the files of a result table. */
  public Upkeep upkeep(Tables table) {
    return new Upkeep(spark, address(table));
  }

  /**
   * What can be done to the files of another table.
   *
   * @param table a Delta path, absolute or relative to the lake, or a catalog name
   * @throws dev.telltale.error.TelltaleException if there is no such Delta table (exit 3)
   */
  public Upkeep upkeep(String table) {
    return new Upkeep(spark, location.resolve(spark, table));
  }

  /** What ran when on what. */
  public RunLedger ledger() {
    return new RunLedger(this);
  }

  SourceTable resultTable(Tables table) {
    return open(address(table));
  }

  TableAddress address(Tables table) {
    return location.table(table.tableName());
  }
}

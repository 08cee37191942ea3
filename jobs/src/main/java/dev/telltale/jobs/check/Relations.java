package dev.telltale.jobs.check;

import dev.telltale.check.Relation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Makes the rows of a {@link Relation}; each is a plan of Spark with one shuffle or two. */
final class Relations {
  private static final long MICROS = 1_000_000;

  /** Names of columns that exist only on the way. */
  private static final String OURS = "__telltale_";

  private final CheckSources sources;
  private final List<String> ids;

  Relations(CheckSources sources, List<String> ids) {
    this.sources = sources;
    this.ids = List.copyOf(ids);
  }

  /**
   * The rows that are made.
   *
   * @param row SQL condition of the rows that are looked at
   */
  Dataset<Row> of(Relation relation, String row) {
    if (relation instanceof Relation.Sequence sequence) {
      return sequence(sequence, row);
    }
    if (relation instanceof Relation.Match match) {
      return match(match, row);
    }
    if (relation instanceof Relation.Totals totals) {
      return totals(totals, row);
    }
    if (relation instanceof Relation.Groups groups) {
      Column group = functions.expr(KeyObservations.name(groups.group()));
      return aggregated(
          rows(row).where(group.isNotNull()), List.of(group.as(groups.group())), groups.values());
    }
    return neighbors((Relation.Neighbors) relation, row);
  }

  private Dataset<Row> rows(String row) {
    return sources.rows(Duration.ZERO, Duration.ZERO).where(row);
  }

  private static Dataset<Row> aggregated(
      Dataset<Row> rows, List<Column> by, Map<String, String> values) {
    List<Column> aggregates = new ArrayList<>();
    values.forEach((name, sql) -> aggregates.add(functions.expr(sql).as(name)));
    return rows.groupBy(by.toArray(Column[]::new))
        .agg(aggregates.get(0), aggregates.subList(1, aggregates.size()).toArray(Column[]::new));
  }

  private Dataset<Row> sequence(Relation.Sequence sequence, String row) {
    Column time = functions.expr(KeyObservations.name(sequence.time()));
    Dataset<Row> made =
        sources.rows(sequence.lookback(), Duration.ZERO).where(row).where(time.isNotNull());
    String partition = "";
    if (sequence.entity().isPresent()) {
      String entity = KeyObservations.name(sequence.entity().get());
      made = made.where(entity + " IS NOT NULL");
      partition = "PARTITION BY " + entity + " ";
    }
    String byTime = partition + "ORDER BY " + micros(sequence.time());
    StringBuilder inOrder = new StringBuilder(byTime);
    ids.forEach(id -> inOrder.append(", ").append(KeyObservations.name(id)));
    for (Map<String, String> step : sequence.steps()) {
      List<Column> columns = new ArrayList<>(List.of(functions.col("*")));
      step.forEach(
          (name, sql) ->
              columns.add(
                  functions
                      .expr(
                          sql.replace(Relation.IN_ORDER, inOrder).replace(Relation.BY_TIME, byTime))
                      .as(name)));
      made = made.select(columns.toArray(Column[]::new));
    }
    return sources.inWindow(made);
  }

  private static String micros(String time) {
    return "unix_micros(CAST(" + KeyObservations.name(time) + " AS TIMESTAMP))";
  }

  private Dataset<Row> match(Relation.Match match, String row) {
    List<Column> keys = new ArrayList<>();
    List<Column> equal = new ArrayList<>();
    Dataset<Row> here = rows(row).alias(OURS + "here");
    for (Map.Entry<String, String> pair : match.on().entrySet()) {
      String key = OURS + keys.size();
      keys.add(functions.expr(KeyObservations.name(pair.getValue())).as(key));
      equal.add(
          functions
              .expr(OURS + "here." + KeyObservations.name(pair.getKey()))
              .equalTo(functions.col(OURS + "there." + key)));
    }
    Dataset<Row> there =
        aggregated(sources.other(match.other()), keys, match.values()).alias(OURS + "there");
    List<Column> columns = new ArrayList<>(List.of(functions.col(OURS + "here.*")));
    match
        .values()
        .keySet()
        .forEach(
            name ->
                columns.add(functions.expr(OURS + "there." + KeyObservations.name(name)).as(name)));
    return here.join(there, all(equal), "left").select(columns.toArray(Column[]::new));
  }

  private static Column all(List<Column> conditions) {
    return conditions.stream().reduce(Column::and).orElseGet(() -> functions.lit(true));
  }

  private Dataset<Row> totals(Relation.Totals totals, String row) {
    List<Column> by =
        totals.by().stream()
            .map(name -> functions.expr(KeyObservations.name(name)).as(name))
            .toList();
    Dataset<Row> here =
        aggregated(rows(row), by, Map.of(totals.name(), totals.total())).alias(OURS + "here");
    Dataset<Row> there =
        aggregated(
                sources.other(totals.other()), by, Map.of(totals.otherName(), totals.otherTotal()))
            .alias(OURS + "there");
    List<Column> equal = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (String name : totals.by()) {
      Column one = functions.expr(OURS + "here." + KeyObservations.name(name));
      Column other = functions.expr(OURS + "there." + KeyObservations.name(name));
      equal.add(one.eqNullSafe(other));
      columns.add(functions.coalesce(one, other).as(name));
    }
    columns.add(functions.expr(OURS + "here." + KeyObservations.name(totals.name())));
    columns.add(functions.expr(OURS + "there." + KeyObservations.name(totals.otherName())));
    return here.join(there, all(equal), "full").select(columns.toArray(Column[]::new));
  }

  /**
   * Rows lie in cells so small that all of a cell are near each other. Only rows of cells with few
   * rows are compared with those of the cells around, hence at most {@code enough} of each cell.
   */
  private Dataset<Row> neighbors(Relation.Neighbors wanted, String row) {
    int dimensions = wanted.position().size();
    double side = wanted.radius() / Math.sqrt(dimensions);
    long within = wanted.within().toSeconds() * MICROS;
    Dataset<Row> placed =
        sources
            .rows(wanted.within(), wanted.within())
            .where(row)
            .where(micros(wanted.time()) + " IS NOT NULL");
    if (wanted.group().isPresent()) {
      placed = placed.where(KeyObservations.name(wanted.group().get()) + " IS NOT NULL");
    }
    List<Column> columns = new ArrayList<>(List.of(functions.col("*")));
    List<String> cell = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      String at = "(" + wanted.position().get(i) + ")";
      placed = placed.where(at + " IS NOT NULL");
      columns.add(functions.expr(at).as(OURS + "at" + i));
      columns.add(functions.expr("CAST(floor(" + at + " / " + side + "D) AS BIGINT)").as(cell(i)));
      cell.add(cell(i));
    }
    columns.add(functions.expr(micros(wanted.time())).as(OURS + "time"));
    columns.add(
        functions
            .expr("CAST(floor(" + micros(wanted.time()) + " / " + within + ") AS BIGINT)")
            .as(cell(dimensions)));
    cell.add(cell(dimensions));
    String group = wanted.group().map(KeyObservations::name).orElse("0");
    columns.add(functions.expr(group).as(OURS + "group"));
    cell.add(OURS + "group");
    String others = "count(*) OVER (PARTITION BY " + String.join(", ", cell) + ") - 1";
    Dataset<Row> all =
        placed
            .select(columns.toArray(Column[]::new))
            .withColumn(wanted.name(), functions.expr(others));
    String enough = KeyObservations.name(wanted.name()) + " >= " + wanted.enough();
    Dataset<Row> lonely = sources.inWindow(all.where("NOT " + enough));
    Dataset<Row> crowded = sources.inWindow(all.where(enough));
    String[] ours =
        List.of(all.columns()).stream()
            .filter(name -> name.startsWith(OURS))
            .toArray(String[]::new);
    return crowded.drop(ours).unionByName(counted(wanted, lonely, all, side, ours));
  }

  private static String cell(int dimension) {
    return OURS + "cell" + dimension;
  }

  /** Counts the rows near each of some, which is itself one of them. */
  private Dataset<Row> counted(
      Relation.Neighbors wanted, Dataset<Row> few, Dataset<Row> all, double side, String[] ours) {
    int dimensions = wanted.position().size();
    int reach = (int) Math.ceil(wanted.radius() / side);
    List<String> kept = List.of(few.drop(ours).drop(wanted.name()).columns());
    Column place =
        functions.struct(ours[0], List.of(ours).subList(1, ours.length).toArray(String[]::new));
    Dataset<Row> from =
        few.select(
            functions.monotonically_increasing_id().as(OURS + "row"),
            functions
                .struct(
                    kept.stream()
                        .map(name -> functions.expr(KeyObservations.name(name)).as(name))
                        .toArray(Column[]::new))
                .as(OURS + "kept"),
            place.as("here"));
    for (int i = 0; i <= dimensions; i++) {
      int far = i == dimensions ? 1 : reach;
      from =
          from.withColumn(
              "beside" + i,
              functions.expr(
                  "explode(sequence(here."
                      + cell(i)
                      + " - "
                      + far
                      + ", here."
                      + cell(i)
                      + " + "
                      + far
                      + "))"));
    }
    Dataset<Row> to = all.select(place.as("there"));
    List<String> near = new ArrayList<>();
    List<String> squares = new ArrayList<>();
    for (int i = 0; i <= dimensions; i++) {
      near.add("there." + cell(i) + " = beside" + i);
    }
    for (int i = 0; i < dimensions; i++) {
      String at = OURS + "at" + i;
      squares.add("pow(there." + at + " - here." + at + ", 2)");
    }
    near.add("there." + OURS + "group = here." + OURS + "group");
    near.add(String.join(" + ", squares) + " <= " + wanted.radius() * wanted.radius() + "D");
    near.add(
        "abs(there."
            + OURS
            + "time - here."
            + OURS
            + "time) <= "
            + wanted.within().toSeconds() * MICROS);
    return from.join(to, functions.expr(String.join(" AND ", near)))
        .groupBy(OURS + "row")
        .agg(
            functions.first(OURS + "kept").as(OURS + "kept"),
            functions.expr("count(*) - 1").as(wanted.name()))
        .select(
            functions.col(OURS + "kept.*"),
            functions.expr(KeyObservations.name(wanted.name())).as(wanted.name()));
  }
}

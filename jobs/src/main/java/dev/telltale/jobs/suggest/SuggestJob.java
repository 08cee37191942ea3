package dev.telltale.jobs.suggest;

import dev.telltale.check.CheckResult;
import dev.telltale.error.Errors;
import dev.telltale.jobs.Progress;
import dev.telltale.jobs.check.TableCheck;
import dev.telltale.jobs.engine.ColumnPlan;
import dev.telltale.jobs.engine.FusedPass;
import dev.telltale.jobs.engine.PassPlan;
import dev.telltale.jobs.engine.StateKey;
import dev.telltale.jobs.lake.DataPath;
import dev.telltale.profile.Anchors;
import dev.telltale.profile.ColumnState;
import dev.telltale.profile.StateFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import scala.Tuple2;

/**
 * Suggests a model file for a table of predictions: roles by name, type and values, expectations
 * from the earlier days. Expectations that then fail on one of the later days are left out.
 */
public final class SuggestJob {
  private static final int STEPS = 4;

  private final SuggestSpec spec;
  private final Progress progress;

  /** A suggestion that says how far it is. */
  public SuggestJob(SuggestSpec spec, Progress progress) {
    this.spec = spec;
    this.progress = progress;
  }

  /**
   * A column that has a role.
   *
   * @param column its name
   * @param because why
   */
  public record Chosen(String column, String because) {}

  /**
   * What is suggested.
   *
   * @param rows rows of the table
   * @param days days that were suggested from; 0 where rows were divided by id
   * @param heldOut days that suggestions were held against
   * @param roles columns by role
   * @param expectations those that held
   * @param leftOut what is not suggested, and why
   * @param yaml the model file
   */
  public record Result(
      long rows,
      int days,
      int heldOut,
      Map<Role, Chosen> roles,
      List<Suggested> expectations,
      List<String> leftOut,
      String yaml) {}

  /**
   * Suggests.
   *
   * @throws dev.telltale.error.TelltaleException if the data cannot be read or is empty (exit 3),
   *     or a role is not told (exit 2)
   */
  public Result run(SparkSession spark) {
    progress.started("reading " + spec.data(), 0, STEPS);
    Dataset<Row> data = DataPath.read(spark, spec.data());
    List<ColumnFacts> columns = facts(spark, data);
    Roles roles = Roles.of(spec, data, columns);
    progress.started("dividing the days", 1, STEPS);
    String id = roles.column(Role.ID).orElseThrow();
    Days days = Days.of(data, roles.column(Role.EVENT_TIME).orElseThrow(), id);
    progress.started("profiling the days", 2, STEPS);
    ModelYaml file = new ModelYaml(spec, Source.of(spark, spec.data()), columns, roles, days);
    Suggestions suggestions = suggest(spark, columns, file, days, id);
    progress.started("checking the last days", 3, STEPS);
    List<String> leftOut = new ArrayList<>(roles.notes());
    leftOut.addAll(suggestions.notes());
    List<Suggested> kept = held(suggestions.suggested(), days, leftOut);
    Map<Role, Chosen> byRole = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      roles.column(role).ifPresent(name -> byRole.put(role, new Chosen(name, roles.why(role))));
    }
    return new Result(
        file.rows(),
        days.byTime() ? days.fitted().size() : 0,
        days.byTime() ? days.heldOut().size() : 0,
        byRole,
        kept,
        leftOut,
        file.text(kept, leftOut));
  }

  private List<ColumnFacts> facts(SparkSession spark, Dataset<Row> data) {
    List<ColumnPlan> plans = new ArrayList<>();
    for (StructField field : data.schema().fields()) {
      plans.add(
          new ColumnPlan(
              field.name(),
              ColumnPlan.kindOf(field.dataType(), false),
              field.dataType(),
              Anchors.learn(ColumnFacts.EXACT)));
    }
    List<ColumnPlan> summarised = plans.stream().filter(one -> one.kind().summarised()).toList();
    Map<String, ColumnState> states = new HashMap<>();
    try (FusedPass pass = FusedPass.over(spark, data, PassPlan.whole(summarised, List.of()))) {
      for (Tuple2<StateKey, byte[]> state : pass.states().collect()) {
        if (state._1.column() != StateKey.TABLE) {
          ColumnPlan plan = summarised.get(state._1.column());
          states.put(plan.name(), StateFormat.read(state._2, plan.anchors()));
        }
      }
      if (states.values().stream().allMatch(state -> state.rows() == 0)) {
        throw Errors.noData(spec.data(), "It has no rows, or no column that can be summarised.");
      }
    }
    return plans.stream()
        .map(one -> new ColumnFacts(one.name(), one.type(), one.kind(), states.get(one.name())))
        .toList();
  }

  private static Suggestions suggest(
      SparkSession spark, List<ColumnFacts> columns, ModelYaml file, Days days, String id) {
    List<ColumnFacts> checked =
        columns.stream()
            .filter(column -> column.kind().summarised() && !file.dropped(column))
            .toList();
    Days.Profile profile =
        days.profile(
            spark,
            id,
            checked.stream()
                .map(
                    column ->
                        new ColumnPlan(
                            column.name(),
                            column.kind(),
                            column.type(),
                            column.labels(TextRules.MOST_LABELS)))
                .toList());
    Suggestions suggestions = new Suggestions(days.sizes());
    TableRules table = new TableRules(days, suggestions);
    table.rowCount(profile);
    table.unique(id, profile);
    ColumnRules rules = new ColumnRules(days, suggestions);
    for (ColumnFacts column : checked) {
      rules.column(
          column, profile.figures().getOrDefault(column.name(), List.of()), file.use(column));
    }
    return suggestions;
  }

  /** Those that hold on each of the days that they were not suggested from. */
  private static List<Suggested> held(List<Suggested> suggested, Days days, List<String> leftOut) {
    int[] failed = new int[suggested.size()];
    for (Instant day : days.heldOut()) {
      List<TableCheck.Outcome> outcomes =
          days.check(day).run(suggested.stream().map(Suggested::expectation).toList());
      for (int i = 0; i < failed.length; i++) {
        CheckResult result = outcomes.get(i).result();
        failed[i] += result.success() || result.tooLittle() ? 0 : 1;
      }
    }
    List<Suggested> kept = new ArrayList<>();
    for (int i = 0; i < failed.length; i++) {
      Suggested one = suggested.get(i);
      if (failed[i] == 0) {
        kept.add(one);
      } else {
        leftOut.add(
            one.expectation().expectation()
                + one.expectation()
                    .text("column")
                    .map(name -> " of " + Yaml.comment(name))
                    .orElse("")
                + ": it failed on "
                + failed[i]
                + " of the last "
                + days.heldOut().size()
                + (days.byTime() ? " days" : " parts of the rows"));
      }
    }
    return kept;
  }
}

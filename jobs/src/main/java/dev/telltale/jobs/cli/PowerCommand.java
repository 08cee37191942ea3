package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.error.Errors;
import dev.telltale.error.TelltaleException;
import dev.telltale.experiment.Plan;
import dev.telltale.jobs.analyze.HistoryJob;
import dev.telltale.sequential.Spending;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale power}. */
@Command(
    name = "power",
    description =
        "How many units an experiment takes, how long, or what it can show: give the effect, the"
            + " units, or both, and the rest is computed. From numbers, or from what units did"
            + " before. Needs no lake.")
final class PowerCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private MasterOption master;
  @Mixin private OutputOptions output;

  @Option(
      names = "--mean",
      paramLabel = "VALUE",
      description = "Level of the control; needed for an effect in percent.")
  private Optional<Double> mean = Optional.empty();

  @Option(names = "--sd", paramLabel = "VALUE", description = "Standard deviation of a unit.")
  private Optional<Double> deviation = Optional.empty();

  @Option(
      names = "--proportion",
      paramLabel = "SHARE",
      description = "Instead of both, the control's share of units that do it, 0 to 1.")
  private Optional<Double> proportion = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Instead of numbers, rows of units from before: a Delta table or Parquet, CSV or JSON.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--metric",
      paramLabel = "METRIC",
      description = "Of --data: a column, or NUM/DEN for the ratio of two columns' sums.")
  private Optional<String> metric = Optional.empty();

  @Option(
      names = "--covariate",
      paramLabel = "COLUMN",
      description = "Of --data: a column that the analysis will adjust for; once per covariate.")
  private List<String> covariates = new ArrayList<>();

  @Option(
      names = "--cluster",
      paramLabel = "COLUMN",
      description = "Of --data: the column of what will be assigned, if that is not the row.")
  private Optional<String> cluster = Optional.empty();

  @Option(
      names = "--effect",
      paramLabel = "VALUE",
      description = "Difference to be shown: a number, or a share of the control such as 2%%.")
  private Optional<String> effect = Optional.empty();

  @Option(
      names = "--units",
      paramLabel = "N",
      description = "Units of the whole experiment, all variants and the control together.")
  private Optional<Double> units = Optional.empty();

  @Option(
      names = "--units-per-day",
      paramLabel = "N",
      description = "New units a day, all together: the answer then has days.")
  private Optional<Double> unitsPerDay = Optional.empty();

  @Option(
      names = "--power",
      paramLabel = "P",
      description = "Probability of showing the effect. Default: ${DEFAULT-VALUE}.")
  private double power = Plan.POWER;

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description = "Level of the test. Default: ${DEFAULT-VALUE}.")
  private double alpha = Defaults.ALPHA;

  @Option(names = "--sides", paramLabel = "N", description = "1 or 2. Default: ${DEFAULT-VALUE}.")
  private int sides = 2;

  @Option(
      names = "--variants",
      paramLabel = "N",
      description =
          "Variants beside the control, each compared with it: alpha is corrected by Dunnett."
              + " Default: ${DEFAULT-VALUE}.")
  private int variants = 1;

  @Option(
      names = "--control-share",
      paramLabel = "SHARE",
      description = "Share of units that the control gets. Default: as much as each variant.")
  private Optional<Double> controlShare = Optional.empty();

  @Option(
      names = "--cluster-size",
      paramLabel = "N",
      description = "Rows of a cluster on average, where whole clusters are assigned.")
  private double clusterSize = 1;

  @Option(
      names = "--intraclass-correlation",
      paramLabel = "R",
      description = "Correlation of two rows of a cluster, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double intraclassCorrelation;

  @Option(
      names = "--covariate-correlation",
      paramLabel = "R",
      description =
          "Correlation of the metric with what the analysis adjusts for, -1 to 1. Default:"
              + " ${DEFAULT-VALUE}.")
  private double covariateCorrelation;

  @Option(
      names = "--looks",
      paramLabel = "N",
      description =
          "Evenly spaced looks at which the experiment may end. Default: ${DEFAULT-VALUE}.")
  private int looks = 1;

  @Option(
      names = "--spending",
      paramLabel = "NAME",
      description =
          "How alpha is spent over the looks: obf, pocock or power:R. Default: ${DEFAULT-VALUE}.")
  private String spending = "obf";

  @Override
  public Integer call() {
    check();
    output.start();
    Plan.Level level = data.isPresent() ? history() : numbers();
    Plan plan;
    try {
      plan =
          Plan.of(
              level,
              new Plan.Design(
                  alpha,
                  sides == 2,
                  variants,
                  controlShare.orElse(1.0 / (1 + variants)),
                  clusterSize,
                  intraclassCorrelation,
                  covariateCorrelation,
                  looks,
                  Spending.of(spending)),
              effect.isPresent() ? OptionalDouble.of(effect(level)) : OptionalDouble.empty(),
              units.isPresent() ? OptionalDouble.of(units.get()) : OptionalDouble.empty(),
              power);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
    output.print(json(level, plan), format -> table(level, plan).lines(format));
    return 0;
  }

  private void check() {
    if (effect.isEmpty() && units.isEmpty()) {
      throw wrong("Give --effect, --units or both; the rest is computed");
    }
    if (sides != 1 && sides != 2) {
      throw wrong("--sides " + sides + " is neither 1 nor 2");
    }
    int sources =
        (data.isPresent() ? 1 : 0)
            + (proportion.isPresent() ? 1 : 0)
            + (deviation.isPresent() ? 1 : 0);
    if (sources != 1) {
      throw wrong("Give one of --proportion, --sd (with --mean) and --data (with --metric)");
    }
    if (data.isPresent() != metric.isPresent()) {
      throw wrong("--data and --metric go together");
    }
    if (data.isEmpty() && (cluster.isPresent() || !covariates.isEmpty())) {
      throw wrong("--covariate and --cluster name columns of --data");
    }
    if (data.isPresent() && (covariateCorrelation != 0 || clusterSize != 1)) {
      throw wrong("With --data, covariates and clusters are those of the data");
    }
  }

  private Plan.Level numbers() {
    if (proportion.isPresent()) {
      double share = proportion.get();
      if (!(share > 0 && share < 1)) {
        throw wrong("--proportion " + share + " is not above 0 and below 1");
      }
      return new Plan.Level(share, share * (1 - share), 0, true);
    }
    double spread = deviation.orElseThrow();
    if (!(spread > 0)) {
      throw wrong("--sd " + spread + " is not above 0");
    }
    return new Plan.Level(mean.orElse(Double.NaN), spread * spread, 0, false);
  }

  private Plan.Level history() {
    Settings settings = master.settings();
    SparkSession spark = settings.open("telltale power");
    HistoryJob.Result found =
        TerminalProgress.show(
            command,
            spark,
            progress -> {
              progress.started("reading " + data.get(), 0, 1);
              return HistoryJob.of(data.get(), metric.get(), covariates, cluster).run(spark);
            });
    if (!(found.variance() > 0)) {
      throw Errors.noData(data.get(), "No two units differ in " + metric.get() + ".");
    }
    return new Plan.Level(found.mean(), found.variance(), found.explained(), false);
  }

  private double effect(Plan.Level level) {
    String text = effect.orElseThrow();
    boolean isShare = text.endsWith("%");
    try {
      double value = Double.parseDouble(isShare ? text.substring(0, text.length() - 1) : text);
      if (!isShare) {
        return value;
      }
      if (Double.isNaN(level.mean())) {
        throw wrong("--effect " + text + " needs --mean, which it is a share of");
      }
      return value / 100 * Math.abs(level.mean());
    } catch (NumberFormatException e) {
      throw wrong("--effect " + text + " is no number, and no share such as 2%");
    }
  }

  private TelltaleException wrong(String problem) {
    return Errors.arguments(problem, command.qualifiedName(), "");
  }

  private ObjectNode json(Plan.Level level, Plan plan) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    JsonNumber.put(json, "mean", level.mean());
    json.put("std_dev", Math.sqrt(level.variance()));
    json.put("alpha", alpha).put("sides", sides).put("variants", variants);
    json.put("alpha_each", plan.alphaEach());
    json.put("design_effect", plan.designEffect());
    json.put("covariate_factor", plan.covariateFactor());
    json.put("look_factor", plan.lookFactor());
    json.put("power", plan.power());
    JsonNumber.put(json, "effect", plan.effect());
    JsonNumber.put(json, "effect_relative", plan.effect() / Math.abs(level.mean()));
    json.put("units_control", plan.unitsControl());
    json.put("units_variant", plan.unitsVariant());
    json.put("units", plan.units());
    unitsPerDay.ifPresent(perDay -> JsonNumber.put(json, "days", days(plan, perDay)));
    return json;
  }

  private static double days(Plan plan, double perDay) {
    return Math.ceil(plan.units() / perDay);
  }

  private Table table(Plan.Level level, Plan plan) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("effect", number(plan.effect()) + relative(level, plan)));
    rows.add(List.of("power", number(100 * plan.power()) + " %"));
    rows.add(
        List.of(
            "units",
            String.format(
                Locale.ROOT,
                "%,d: %,d of the control, %,d of each variant",
                plan.units(),
                plan.unitsControl(),
                plan.unitsVariant())));
    unitsPerDay.ifPresent(
        perDay ->
            rows.add(List.of("days", String.format(Locale.ROOT, "%,.0f", days(plan, perDay)))));
    return new Table(List.of("WHAT", "VALUE"), rows);
  }

  private static String relative(Plan.Level level, Plan plan) {
    double share = 100 * plan.effect() / Math.abs(level.mean());
    return Double.isFinite(share) ? ", " + number(share) + " % of the control" : "";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}

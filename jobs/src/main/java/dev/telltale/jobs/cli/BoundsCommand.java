package dev.telltale.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.telltale.config.Defaults;
import dev.telltale.error.Errors;
import dev.telltale.sequential.GroupSequentialBounds;
import dev.telltale.sequential.Look;
import dev.telltale.sequential.SequentialDesign;
import dev.telltale.sequential.Sides;
import dev.telltale.sequential.Spending;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale bounds}. */
@Command(
    name = "bounds",
    description =
        "The bounds that a statistic must cross at each look, so that looking often finds nothing"
            + " by chance more often than once. Needs neither data nor a lake.")
final class BoundsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private OutputOptions output;

  @Option(
      names = "--looks",
      paramLabel = "SHARE",
      split = ",",
      required = true,
      description =
          "Share of the planned units at each look, increasing, comma-separated: .2,.4,.6,.8,1.")
  private List<Double> looks = new ArrayList<>();

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description = "Level over all looks. Default: ${DEFAULT-VALUE}.")
  private double alpha = Defaults.ALPHA;

  @Option(names = "--sides", paramLabel = "N", description = "1 or 2. Default: ${DEFAULT-VALUE}.")
  private int sides = 2;

  @Option(
      names = "--spending",
      paramLabel = "NAME",
      description =
          "How alpha is spent: obf, little at first; pocock, evenly; power:R, as the R-th power."
              + " Default: ${DEFAULT-VALUE}.")
  private String spending = "obf";

  @Override
  public Integer call() {
    GroupSequentialBounds bounds;
    try {
      requireIncreasing();
      bounds =
          GroupSequentialBounds.of(
              new SequentialDesign(alpha, Sides.of(sides), Spending.of(spending)),
              looks.stream().mapToDouble(Double::doubleValue).toArray());
    } catch (IllegalArgumentException e) {
      throw Errors.arguments(e.getMessage(), command.qualifiedName(), "");
    }
    output.start();
    output.print(json(bounds), format -> table(bounds).lines(format));
    return 0;
  }

  /** Of a running experiment information may stand still; a plan in which it does is a mistake. */
  private void requireIncreasing() {
    for (int i = 1; i < looks.size(); i++) {
      if (!(looks.get(i) > looks.get(i - 1))) {
        throw new IllegalArgumentException(
            "--looks must increase, and " + looks.get(i) + " follows " + looks.get(i - 1));
      }
    }
  }

  private ObjectNode json(GroupSequentialBounds bounds) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("alpha", alpha).put("sides", sides).put("spending", spending);
    ArrayNode array = json.putArray("looks");
    for (Look look : bounds.looks()) {
      ObjectNode one = array.addObject();
      one.put("look", look.number())
          .put("information", look.information())
          .put("alpha_spent", look.alphaSpent());
      JsonNumber.put(one, "bound", look.bound());
      one.put("p_value", look.nominal());
    }
    return json;
  }

  private static Table table(GroupSequentialBounds bounds) {
    List<List<String>> rows = new ArrayList<>();
    for (Look look : bounds.looks()) {
      rows.add(
          List.of(
              Integer.toString(look.number()),
              number("%.3f", look.information()),
              number("%.6f", look.alphaSpent()),
              number("%.5f", look.bound()),
              number("%.3g", look.nominal())));
    }
    return new Table(List.of("LOOK", "INFORMATION", "ALPHA_SPENT", "BOUND", "P_VALUE"), rows);
  }

  private static String number(String format, double value) {
    return Double.isInfinite(value) ? "none" : String.format(Locale.ROOT, format, value);
  }
}

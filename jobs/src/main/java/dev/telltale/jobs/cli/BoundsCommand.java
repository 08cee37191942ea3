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
import java.util.function.DoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telltale bounds}. */
@Command(
    name = "bounds",
    description =
        "What an experiment's effect, by its standard error, has to reach at each look, so that"
            + " all looks together err as often as one would. Needs no lake and starts no Spark.")
final class BoundsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private OutputOptions output;

  @Option(
      names = "--looks",
      paramLabel = "SHARE",
      split = ",",
      required = true,
      description =
          "What share of the planned information each look has, comma-separated; above 0. At 1"
              + " or more all of alpha is spent.")
  private List<Double> looks = new ArrayList<>();

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description =
          "Probability of crossing a bound at any look without an effect. Default:"
              + " ${DEFAULT-VALUE}.")
  private double alpha = Defaults.ALPHA;

  @Option(
      names = "--sides",
      paramLabel = "1|2",
      description =
          "2 for effects in either direction, 1 for those above zero. Default: ${DEFAULT-VALUE}.")
  private int sides = 2;

  @Option(
      names = "--spending",
      paramLabel = "NAME",
      description =
          "How alpha is spread over the information: obf, next to nothing early; pocock, bounds"
              + " about equal; power:R, as its R-th power. Default: ${DEFAULT-VALUE}.")
  private String spending = "obf";

  @Override
  public Integer call() {
    output.start();
    GroupSequentialBounds bounds = bounds();
    output.print(json(bounds), format -> table(bounds, format).lines(format));
    return 0;
  }

  private GroupSequentialBounds bounds() {
    if (!(alpha > 0 && alpha < 1)) {
      throw wrong("--alpha " + alpha + " is not above 0 and below 1");
    }
    for (double look : looks) {
      if (!(look > 0 && look < Double.POSITIVE_INFINITY)) {
        throw wrong("--looks has " + look + ", which is no share above 0");
      }
    }
    return GroupSequentialBounds.of(
        new SequentialDesign(alpha, sides(), spending()),
        looks.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private Sides sides() {
    try {
      return Sides.of(sides);
    } catch (IllegalArgumentException e) {
      throw wrong("--sides has " + e.getMessage());
    }
  }

  private Spending spending() {
    try {
      return Spending.of(spending);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private RuntimeException wrong(String problem) {
    return Errors.arguments(problem, command.qualifiedName(), "");
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
      if (Double.isInfinite(look.bound())) {
        one.putNull("bound").putNull("p_value");
      } else {
        one.put("bound", look.bound()).put("p_value", look.nominal());
      }
    }
    return json;
  }

  private static Table table(GroupSequentialBounds bounds, Format format) {
    boolean isForPeople = format == Format.TABLE;
    DoubleFunction<String> text = isForPeople ? BoundsCommand::rounded : Double::toString;
    List<List<String>> rows = new ArrayList<>();
    for (Look look : bounds.looks()) {
      boolean isOpen = Double.isInfinite(look.bound());
      String none = isForPeople ? "none" : "";
      rows.add(
          List.of(
              Integer.toString(look.number()),
              text.apply(look.information()),
              text.apply(look.alphaSpent()),
              isOpen ? none : text.apply(look.bound()),
              isOpen ? none : text.apply(look.nominal())));
    }
    return new Table(
        isForPeople
            ? List.of("LOOK", "INFORMATION", "ALPHA SPENT", "BOUND", "P VALUE")
            : List.of("look", "information", "alpha_spent", "bound", "p_value"),
        rows);
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}

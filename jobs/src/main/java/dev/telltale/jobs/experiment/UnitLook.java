package dev.telltale.jobs.experiment;

import dev.telltale.config.Experiment;
import dev.telltale.experiment.ArmState;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One look at experiments whose exposures and facts are at hand: what a bench measures. */
public final class UnitLook {
  private final List<Experiment> experiments;
  private final LookPlan plan;
  private final LookPass pass;

  /**
   * A look.
   *
   * @param experiments without segments
   * @param day the last day of data
   */
  public UnitLook(List<Experiment> experiments, LocalDate day) {
    List<FactSource> sources = FactSource.of(experiments);
    this.experiments = experiments;
    this.plan =
        new LookPlan(
            experiments,
            sources,
            List.of(day),
            experiments.stream().map(any -> List.<LookPlan.Segment>of()).toList());
    this.pass = new LookPass(plan, sources);
  }

  /**
   * The state of each variant, by experiment and variant.
   *
   * @param exposures as {@link LookPass} wants them
   * @param facts likewise
   */
  public Map<String, ArmState> states(Dataset<Row> exposures, Dataset<Row> facts) {
    Map<UnitFold.Key, ArmState> states = pass.states(exposures, facts);
    Map<String, ArmState> arms = new TreeMap<>();
    for (int trial = 0; trial < experiments.size(); trial++) {
      String id = experiments.get(trial).id();
      Found.of(states, plan, trial, 0)
          .arms()
          .forEach((variant, arm) -> arms.put(id + " " + variant, arm));
    }
    return arms;
  }
}

package dev.telltale.quality;

import java.util.List;
import java.util.Map;

/**
 * What a metric is like: which way is better, and how large a difference is measured.
 *
 * @param higherIsBetter whether more is better
 * @param bounded whether it lies in -1 to 1, so that a difference is read as it is; else as a ratio
 */
public record MetricKind(boolean higherIsBetter, boolean bounded) {
  private static final MetricKind SHARE = new MetricKind(true, true);
  private static final MetricKind LOSS = new MetricKind(false, false);

  private static final Map<String, MetricKind> OTHERS =
      Map.of(
          "log_loss", LOSS,
          "brier", new MetricKind(false, true),
          "ece", new MetricKind(false, true),
          "mae", LOSS,
          "rmse", LOSS,
          "mape", LOSS,
          "smape", LOSS,
          "quantile_loss", LOSS,
          "mean_interval_width", LOSS,
          "business_value", new MetricKind(true, false));

  /**
   * Of a metric by its name; what follows a colon says of what: a class, a level. Whether {@code
   * interval_coverage} is right is a matter of the levels in its name: more is not better.
   */
  public static MetricKind of(String metric) {
    int colon = metric.indexOf(':');
    return OTHERS.getOrDefault(colon < 0 ? metric : metric.substring(0, colon), SHARE);
  }

  /**
   * The metrics that are compared where the team names none.
   *
   * @param cutoffs how many first places of a ranking are looked at, the decisive number first
   */
  public static List<String> judged(Task task, List<Integer> cutoffs) {
    return switch (task) {
      case BINARY -> List.of("accuracy", "f1", "roc_auc", "brier");
      case MULTICLASS -> List.of("accuracy", "f1_macro");
      case REGRESSION -> List.of("mae", "rmse", "quantile_loss");
      case RANKING -> List.of("ndcg_at_" + cutoffs.get(0), "mrr");
      case RATING, COMPLAINT, REACTION -> List.of();
    };
  }
}

package dev.telltale.finding;

import dev.telltale.config.ModelConfig;
import dev.telltale.error.Errors;

/**
 * When findings become an alert. A window counts only if somebody could judge it: a window without
 * data, and one with too little, is as though it were not there.
 *
 * @param windows the last judged windows that are looked at, at least 1
 * @param required an alert opens when the finding is in this many of them, the newest among them; 1
 *     to {@code windows}
 * @param closeAfter it closes after this many judged windows in a row without the finding, at least
 *     1
 * @param coolDown it does not open again in this many judged windows after closing, at least 0
 */
public record AlertPolicy(int windows, int required, int closeAfter, int coolDown) {
  public AlertPolicy {
    if (required < 1 || required > windows || closeAfter < 1 || coolDown < 0) {
      throw new IllegalArgumentException(
          "required=%d, windows=%d, closeAfter=%d, coolDown=%d"
              .formatted(required, windows, closeAfter, coolDown));
    }
  }

  /**
   * The policy of a model.
   *
   * @throws dev.telltale.error.TelltaleException if no alert could ever open, or one would close at
   *     once (exit 2)
   */
  public static AlertPolicy of(ModelConfig.Alerts alerts) {
    try {
      return new AlertPolicy(
          alerts.windows(), alerts.required(), alerts.closeAfter(), alerts.coolDown());
    } catch (IllegalArgumentException e) {
      throw Errors.alertPolicy(e.getMessage());
    }
  }

  /** Judged windows that decide anything: more history is never needed. */
  int memory() {
    return Math.max(windows, Math.max(closeAfter, coolDown));
  }
}

package dev.telltale.jobs.suggest;

import java.util.Map;
import java.util.Optional;

/**
 * What a model file is suggested for.
 *
 * @param data path of the predictions, see {@link dev.telltale.jobs.lake.DataPath}
 * @param model id of the model; empty = told from the data
 * @param columns columns that are known, by role
 */
public record SuggestSpec(String data, Optional<String> model, Map<Role, String> columns) {
  /** Copies the map. */
  public SuggestSpec {
    columns = Map.copyOf(columns);
  }
}

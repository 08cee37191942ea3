package dev.telltale.jobs.drift;

import java.util.Comparator;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * One column of one version and slice.
 *
 * @param modelVersion empty = all versions
 * @param sliceKey empty = everything
 * @param sliceValue empty = everything
 * @param column name of the column
 */
record SliceColumn(
    Optional<String> modelVersion,
    Optional<String> sliceKey,
    Optional<String> sliceValue,
    String column) {
  /** Versions, slices, columns; the whole first. Fixes the order of rows. */
  static final Comparator<SliceColumn> ORDER =
      Comparator.comparing((SliceColumn key) -> key.modelVersion().orElse(""))
          .thenComparing(key -> key.sliceKey().orElse(""))
          .thenComparing(key -> key.sliceValue().orElse(""))
          .thenComparing(SliceColumn::column);

  static SliceColumn of(Row row) {
    return new SliceColumn(
        Optional.ofNullable(row.getAs("model_version")),
        Optional.ofNullable(row.getAs("slice_key")),
        Optional.ofNullable(row.getAs("slice_value")),
        row.getAs("column_name"));
  }

  /** The same column and slice in all versions: what a baseline has. */
  SliceColumn ofAllVersions() {
    return new SliceColumn(Optional.empty(), sliceKey, sliceValue, column);
  }

  /** Whether it is about everything in all versions. */
  boolean isWhole() {
    return modelVersion.isEmpty() && sliceKey.isEmpty();
  }
}

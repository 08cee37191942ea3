package dev.telltale.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was done to tables, for people. */
final class MaintenanceTable {
  private static final long KILO = 1000;

  private MaintenanceTable() {}

  /**
   * The table.
   *
   * @param done one map a table, as the JSON answer has them
   */
  static Table of(List<?> done, boolean dryRun) {
    List<List<String>> rows = new ArrayList<>();
    for (Object one : done) {
      Map<?, ?> table = (Map<?, ?>) one;
      rows.add(
          List.of(
              String.valueOf(table.get("action")),
              String.format(Locale.ROOT, "%,d", (Long) table.get("rows")),
              table.get("files_before") + " > " + table.get("files_after"),
              size(table.get("bytes_before")) + " > " + size(table.get("bytes_after")),
              name(String.valueOf(table.get("table")))));
    }
    return new Table(List.of("ACTION", dryRun ? "WOULD" : "ROWS", "FILES", "BYTES", "TABLE"), rows);
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** As people read sizes: 1.2 MB. */
  private static String size(Object value) {
    double bytes = (Long) value;
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    while (bytes >= KILO && unit < units.length - 1) {
      bytes /= KILO;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  }
}

package dev.telltale.jobs.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What is measured.
 *
 * @param rows rows of the table, above zero
 * @param columns measured columns, above zero
 * @param slices slices of the sliced pass; 0 = no such pass
 * @param rounds rounds that count, above zero; one more warms up
 * @param without contenders that are left out
 * @param data directory for the tables; empty = a temporary one that is removed
 */
public record BenchSpec(
    long rows, int columns, int slices, int rounds, Set<String> without, Optional<Path> data) {
  /** Contenders that can be left out. */
  public static final Set<String> OPTIONAL = Set.of("spark", "deequ");
}

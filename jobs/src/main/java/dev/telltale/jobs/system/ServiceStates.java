package dev.telltale.jobs.system;

import dev.telltale.system.SystemState;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the telemetry of a window says of the service, of all versions and of each. */
final class ServiceStates {
  private final SystemState all = new SystemState();
  private final TreeMap<String, SystemState> versions = new TreeMap<>();

  /**
   * Adds rows of a version.
   *
   * @param version null = rows that name none
   * @param minutes how many minutes later than this window the other begins
   */
  void merge(String version, SystemState state, int minutes) {
    all.merge(state, minutes);
    if (version != null) {
      versions.computeIfAbsent(version, absent -> new SystemState()).merge(state, minutes);
    }
  }

  /** Adds a window within this one. */
  void merge(ServiceStates other, int minutes) {
    all.merge(other.all, minutes);
    other.versions.forEach(
        (version, state) ->
            versions.computeIfAbsent(version, absent -> new SystemState()).merge(state, minutes));
  }

  /** A state as it was stored. */
  void stored(String version, SystemState state) {
    (version == null ? all : versions.computeIfAbsent(version, absent -> new SystemState()))
        .merge(state, 0);
  }

  SystemState all() {
    return all;
  }

  /** By version. */
  Map<String, SystemState> versions() {
    return versions;
  }

  /** The version that answers most. */
  Optional<String> main() {
    return versions.entrySet().stream()
        .max(Comparator.comparingLong(entry -> entry.getValue().rows()))
        .map(Map.Entry::getKey);
  }
}

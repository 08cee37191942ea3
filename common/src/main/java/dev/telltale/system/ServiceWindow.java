package dev.telltale.system;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A window of the service, of one version or of all.
 *
 * @param version the version; empty = all
 * @param state what the telemetry says
 * @param crashes crash reports; empty where there is no table of them
 * @param minutes length of the window
 * @param end its end
 * @param born when the model was trained, or first seen; of all versions that which answers most
 */
public record ServiceWindow(
    Optional<String> version,
    SystemState state,
    OptionalLong crashes,
    long minutes,
    Instant end,
    Optional<Instant> born) {}

package dev.telltale.look;

import java.util.Optional;

/**
 * What a look looks at.
 *
 * @param metric name of the metric
 * @param variant name of the variant, which is compared with the control
 * @param segment whose units; empty = all units
 */
public record Subject(String metric, String variant, Optional<Segment> segment) {}

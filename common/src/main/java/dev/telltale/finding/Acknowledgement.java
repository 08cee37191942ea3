package dev.telltale.finding;

import java.time.Instant;

/**
 * Somebody knows of an alert. It belongs to the whole episode, in windows before and after.
 *
 * @param at when they said so
 * @param by who
 */
public record Acknowledgement(Instant at, String by) {}

package dev.telltale.quality;

/**
 * A pair of truth and answer.
 *
 * @param label true class; {@code true} or {@code false} for a binary model
 * @param prediction predicted class
 * @param mass rows with this pair
 */
public record ConfusionCell(String label, String prediction, Mass mass) {}

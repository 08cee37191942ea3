package dev.telltale.quality;

/**
 * One point of the reliability curve: how often what was given scores of one range was true.
 *
 * @param score mean score, 0 to 1
 * @param share share of the rows that are true, 0 to 1
 * @param low lower end of Wilson's 95 % interval of the share
 * @param high upper end
 * @param rows rows, at least 1
 */
public record ReliabilityPoint(double score, double share, double low, double high, long rows) {}

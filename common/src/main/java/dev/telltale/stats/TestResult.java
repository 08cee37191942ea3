package dev.telltale.stats;

/**
 * Outcome of a test.
 *
 * @param statistic value of the test statistic, finite and at least 0
 * @param degreesOfFreedom 0 when the table has fewer than two columns: nothing is tested
 * @param pValue 0 to 1; 1 without degrees of freedom
 */
public record TestResult(double statistic, int degreesOfFreedom, double pValue) {}

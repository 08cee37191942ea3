package dev.telltale.experiment;

import dev.telltale.stats.MultipleTesting;

/**
 * How a family of comparisons is judged.
 *
 * @param method the test
 * @param hypothesis what is to be shown
 * @param alpha level of the family
 * @param correction for the number of comparisons
 * @param adjustment how covariates are used
 * @param minimumUnits with fewer units in an arm nothing is judged
 */
public record ExperimentPolicy(
    TestMethod method,
    Hypothesis hypothesis,
    double alpha,
    MultipleTesting correction,
    Adjustment adjustment,
    int minimumUnits) {}

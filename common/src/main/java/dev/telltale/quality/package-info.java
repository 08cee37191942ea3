/**
 * How good a model's answers are: mergeable states of predictions with their ground truth, and the
 * metrics that follow from them, each with its standard error and interval.
 */
package dev.telltale.quality;

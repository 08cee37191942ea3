/**
 * The search for weak slices: conjunctions of up to three conditions over binned features in which
 * a model errs more than elsewhere. Counting is done by whoever holds the rows; what is counted,
 * what need not be, and what the counts say is here.
 */
package dev.telltale.slices;

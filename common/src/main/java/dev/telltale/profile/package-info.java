/**
 * What is remembered of a column: mergeable state, anchored on the baseline.
 *
 * <p>A state is built from values, merged with states of the same column and anchors, stored as
 * bytes and read back; every later number is computed from it. Merging is exact for counts;
 * everything is deterministic, so that the same values in the same order give the same bytes.
 */
package dev.telltale.profile;

/**
 * Drift of a column: two states in, distances and tests out, and the rules that make a verdict of
 * them.
 */
package dev.telltale.drift;

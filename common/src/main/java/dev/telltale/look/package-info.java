/**
 * What one nightly look at a running experiment says: the effect of each variant on each metric
 * with intervals and p-values that hold at all looks together, and whether to ship, to stop or to
 * go on. Pure functions of the arms' states and of what earlier looks said.
 */
package dev.telltale.look;

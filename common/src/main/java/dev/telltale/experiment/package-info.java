/**
 * What an experiment shows: mergeable states of its arms, the effect of a variant on a metric with
 * its uncertainty, and the decision. Arms are compared through their moments only, so a result
 * needs no unit's row.
 */
package dev.telltale.experiment;

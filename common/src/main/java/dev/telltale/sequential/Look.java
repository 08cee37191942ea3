package dev.telltale.sequential;

/**
 * A look at the data.
 *
 * @param number 1 for the first
 * @param information fraction of the planned information, above 0
 * @param alphaSpent alpha of this and the earlier looks, of both sides
 * @param bound the effect is found if z (two-sided: its absolute value) is at least this; positive
 *     infinity where nothing may be spent
 * @param nominal p-value of a single test at the bound; 0 if that is infinite
 */
public record Look(
    int number, double information, double alphaSpent, double bound, double nominal) {}

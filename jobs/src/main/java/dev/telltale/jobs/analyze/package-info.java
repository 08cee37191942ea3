/** One experiment, ad hoc, from rows of units or from a summary of its arms. */
package dev.telltale.jobs.analyze;

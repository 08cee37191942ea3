/** The command {@code compare}: the drift measures for any two data sets, without a lake. */
package dev.telltale.jobs.compare;

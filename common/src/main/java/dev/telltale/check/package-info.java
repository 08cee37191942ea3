/**
 * Expectations of data, by the names and with the results of Great Expectations: which there are,
 * what each has to have measured, and what follows from it. Nothing here reads data.
 */
package dev.telltale.check;

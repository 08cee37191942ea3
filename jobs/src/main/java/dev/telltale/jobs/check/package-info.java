/**
 * The job {@code check}: what is expected of tables, measured through Deequ in one scan of a table,
 * and in a second one where rows have to be told apart.
 */
package dev.telltale.jobs.check;

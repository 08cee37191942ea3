/** The command {@code suggest}: a first model file from a table, without a lake. */
package dev.telltale.jobs.suggest;

/** The command {@code evaluate}: quality metrics of any data set, without a lake. */
package dev.telltale.jobs.evaluate;

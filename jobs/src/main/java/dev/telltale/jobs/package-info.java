/** The jobs that move data. */
package dev.telltale.jobs;

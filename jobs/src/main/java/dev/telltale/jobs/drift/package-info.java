/** The job {@code drift}: windows against the baseline and the one before, from states alone. */
package dev.telltale.jobs.drift;

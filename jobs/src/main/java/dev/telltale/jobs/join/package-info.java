/** The job {@code join}: predictions with the feedback that has arrived for them. */
package dev.telltale.jobs.join;

/** The job {@code profile}: telemetry and baseline into mergeable states, and metrics from them. */
package dev.telltale.jobs.profile;

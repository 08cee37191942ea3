/**
 * Findings as rows, and the alerts that persist: the job, the list, the gate, the acknowledgement.
 */
package dev.telltale.jobs.alerts;

/**
 * The fused pass: one scan of the telemetry into mergeable states per window, model version, slice
 * and column.
 */
package dev.telltale.jobs.engine;

/**
 * The command {@code bench}: what Telltale costs beside the bare work, side by side in one
 * interleaved run, as ratios.
 */
package dev.telltale.jobs.bench;

/** The Delta lake: which tables there are, how they are written, read, pinned and accounted for. */
package dev.telltale.jobs.lake;

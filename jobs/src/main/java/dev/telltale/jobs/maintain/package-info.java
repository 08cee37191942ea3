/** The job {@code maintain}: what is dropped, compacted and erased. */
package dev.telltale.jobs.maintain;

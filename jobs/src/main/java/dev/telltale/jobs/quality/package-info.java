/** The job {@code quality}: how good the answers were, as far as the truth is known. */
package dev.telltale.jobs.quality;

/** Weak slices: where a model errs more than elsewhere, found in the rows and said in words. */
package dev.telltale.jobs.slices;

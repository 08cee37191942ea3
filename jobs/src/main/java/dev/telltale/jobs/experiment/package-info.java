/** The job {@code experiment}: looks at every running experiment of a model. */
package dev.telltale.jobs.experiment;

/** The job {@code sample}: which predictions are kept, with the weight that each stands for. */
package dev.telltale.jobs.sample;

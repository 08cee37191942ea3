/** The job system: how well the service around a model works. */
package dev.telltale.jobs.system;

/** The night: which jobs it has, and the one way to run them. */
package dev.telltale.jobs.night;

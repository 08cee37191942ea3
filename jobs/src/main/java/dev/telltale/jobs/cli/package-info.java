/**
 * The command line: the contract that schedulers and people share. A command parses, builds a spec,
 * runs the job and prints; it computes nothing.
 */
package dev.telltale.jobs.cli;

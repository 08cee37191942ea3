package dev.telltale.jobs.bench;

import java.util.function.Supplier;

/**
 * One way to do the work that a bench measures.
 *
 * @param name what it is, in a few words
 * @param work does it once; returns something that depends on all of it, for people to compare
 */
record Contender(String name, Supplier<String> work) {}

package dev.telltale.jobs.lake;

/** The Delta lake. */
public final class Lake {}

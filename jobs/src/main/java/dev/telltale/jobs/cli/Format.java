package dev.telltale.jobs.cli;

/** How an answer is written. */
enum Format {
  /** For people. */
  TABLE,
  /** One JSON object on one line. */
  JSON,
  /** RFC 4180, with a header. */
  CSV,
  /** A table for a page or a ticket. */
  MARKDOWN
}

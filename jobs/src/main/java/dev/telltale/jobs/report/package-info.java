/**
 * The report: one self-contained HTML page and the same content as JSON, read from the result
 * tables. {@code ReportReader} reads rows, {@code ReportBuilder} turns them into a {@code Report}
 * of plain numbers, {@code ReportRenderer} and {@code ReportJson} write it.
 */
package dev.telltale.jobs.report;

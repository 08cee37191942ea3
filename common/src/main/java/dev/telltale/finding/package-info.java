/** Judged facts and the alerts they become: one type for all jobs, and the rules of persistence. */
package dev.telltale.finding;

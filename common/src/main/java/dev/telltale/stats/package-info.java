/** Statistical tests, corrections and mergeable moments: pure functions of numbers. */
package dev.telltale.stats;

/** Which rows are drawn, and with what probability. */
package dev.telltale.sampling;

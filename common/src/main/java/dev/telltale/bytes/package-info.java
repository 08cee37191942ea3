/** The layout of stored states. */
package dev.telltale.bytes;

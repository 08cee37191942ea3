/** The one error type a user can cause, and the factory that words every such error. */
package dev.telltale.error;

/** What a team declares: models, windows, policies; and the one place for defaults. */
package dev.telltale.config;

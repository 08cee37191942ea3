/** Reads what a team declares in YAML, checked against the published JSON Schema line by line. */
package dev.telltale.jobs.config;

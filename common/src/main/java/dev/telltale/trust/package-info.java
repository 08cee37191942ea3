/**
 * Whether an experiment can be believed: the checks that every look at it makes, as functions of
 * what the look has gathered. A new check is a class and a line in {@link
 * dev.telltale.trust.TrustChecks}.
 */
package dev.telltale.trust;

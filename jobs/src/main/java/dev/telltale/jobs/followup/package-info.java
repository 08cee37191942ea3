/** From what is known of a model's answers to what people do about it. */
package dev.telltale.jobs.followup;

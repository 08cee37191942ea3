/** What production says about a model, defined without Spark. */
package dev.telltale;

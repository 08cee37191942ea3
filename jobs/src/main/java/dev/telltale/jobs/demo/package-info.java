/**
 * The demo: real flights, a real small model, and the nights of a spring replayed with the code
 * that runs every night.
 */
package dev.telltale.jobs.demo;

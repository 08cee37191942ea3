/** How well the service around a model works: its state, its metrics, and how they are judged. */
package dev.telltale.system;

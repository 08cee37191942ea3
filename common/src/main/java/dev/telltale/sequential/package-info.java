/** Looking at an experiment again and again without more errors than one look makes. */
package dev.telltale.sequential;

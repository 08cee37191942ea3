/**
 * What a KPI has to do with the quality of the model: how one follows the other, and whether it
 * improves with it.
 */
package dev.telltale.kpi;

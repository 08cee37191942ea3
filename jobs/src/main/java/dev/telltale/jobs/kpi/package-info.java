/** What the model is a proxy for: KPIs of each window, beside its quality. */
package dev.telltale.jobs.kpi;

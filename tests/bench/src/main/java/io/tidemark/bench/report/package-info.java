/**
 * From runs to the page: a table with targets, and plots.
 *
 * <pre>
 *   RunFiles ─► Row (case, quantity, comparison, target) ─┬─► PerformancePage  performance.md
 *                                                         └─► Plots            performance/*.svg
 * </pre>
 */
@NullMarked
package io.tidemark.bench.report;

import org.jspecify.annotations.NullMarked;

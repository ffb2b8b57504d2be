/**
 * The metrics reference: {@code docs/metrics.md} is made of what a working node shows when it is
 * scraped, so it lists every family by the name, labels and text that an operator sees.
 *
 * <pre>
 *   node ──► /metrics ──► MetricFamilies ──► MetricsPage ──► docs/metrics.md
 *                          (and those that the page has already: a run need not meet all of them)
 * </pre>
 */
@NullMarked
package io.tidemark.tests.metrics;

import org.jspecify.annotations.NullMarked;

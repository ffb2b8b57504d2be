/**
 * What is shown of a cluster in Grafana, and what wakes somebody.
 *
 * <pre>
 *   Dashboards ─ Dashboard ─ Panel ─► GrafanaJson ─► deploy/src/grafana/*.json
 *                  │ expressions                          checked, or written anew
 *                  ▼
 *   Expressions: metrics and labels ◄── deploy/src/prometheus/alerts.yml
 *                  │ each is one of
 *                  ▼
 *   docs/metrics.md, which is what a working node shows
 * </pre>
 */
@NullMarked
package io.tidemark.tests.dashboards;

import org.jspecify.annotations.NullMarked;

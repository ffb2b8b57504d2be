/**
 * What clients were told, against what a log holds in the end: the anomalies of Jepsen's Kafka
 * workload for one log (lost, duplicated, reordered, changed records).
 */
@NullMarked
package io.tidemark.tests.history;

import org.jspecify.annotations.NullMarked;

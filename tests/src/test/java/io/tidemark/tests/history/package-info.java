/**
 * What clients were told, against what a log holds in the end: the anomalies of Jepsen's Kafka
 * workload, for single records ({@link io.tidemark.tests.history.History}: lost, duplicated,
 * reordered, changed) and for transactions ({@link io.tidemark.tests.history.TransactionHistory}:
 * those, and aborted, torn, unseen).
 */
@NullMarked
package io.tidemark.tests.history;

import org.jspecify.annotations.NullMarked;

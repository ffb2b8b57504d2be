/**
 * What is measured: the rows of the table.
 *
 * <pre>
 *   Catalogue ─► BenchCase ─┬─ LoadCase    passes of a Load on a fresh server or cluster
 *                           ├─ S3Case      the same, with an object store over HTTP on one side
 *                           ├─ StartCase   how long a start takes, and the memory of an idle server
 *                           ├─ BesideCase  latencies without and with somebody who reads old data
 *                           ├─ FailoverCase        leaders that are killed
 *                           └─ RollingRestartCase  nodes that are stopped and started in turn
 *
 *   Laboratory: launches the servers, reads the counters, knows the sizes
 *   Campaign:   A B A B, one case after the other, each run written to its file at once
 * </pre>
 */
@NullMarked
package io.tidemark.bench.cases;

import org.jspecify.annotations.NullMarked;

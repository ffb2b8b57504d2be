/**
 * The command line, {@code bin/tidemark}.
 *
 * <pre>
 *   Tidemark ─┬─ server, quickstart          start a node in this process
 *             ├─ topic, group, config, cluster, node   Kafka's Admin client
 *             ├─ produce, consume            Kafka's producer and consumer
 *             └─ tier                        the node's HTTP port
 * </pre>
 *
 * <p>Every command that talks to a node does so as any client would, over its ports: nothing here
 * sees a log or the quorum. Results go to standard output as a table or as JSON; what went wrong
 * goes to standard error as one line that says what failed, why, and what to do. Exit codes are
 * those of {@link io.tidemark.gateway.cli.ExitCode}.
 */
@NullMarked
package io.tidemark.gateway.cli;

import org.jspecify.annotations.NullMarked;

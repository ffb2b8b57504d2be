/**
 * The two servers, each a process of its own over a fresh folder and free loopback ports.
 *
 * <pre>
 *   ServerSettings ─┬─► KafkaLauncher     format, then kafka.Kafka with the flags of its start script
 *   ServerHome ─────┴─► TidemarkLauncher  bin/tidemark server
 *                            │
 *                            ▼
 *                         Server          pid, bootstrap address; stopped or killed by its pid
 *                            │ three
 *                            ▼
 *                         Cluster         one quorum; servers of it are killed, stopped, started
 * </pre>
 *
 * <p>{@link io.tidemark.bench.server.S3Process} is the object store over HTTP, a process as well,
 * so that its processor time is not taken for the server's.
 */
@NullMarked
package io.tidemark.bench.server;

import org.jspecify.annotations.NullMarked;

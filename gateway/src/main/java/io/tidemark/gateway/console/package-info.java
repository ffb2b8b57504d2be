/**
 * The console: a page the node serves on its HTTP port, and the JSON it is made of.
 *
 * <pre>
 *   browser ── GET /            ──► ConsoleFiles: page, style, modules from the jar
 *           ── GET /v1/cluster … ──► a report each ──┬── ClusterView: the image, on every node the same
 *                                                    ├── ClusterSizes, GroupQuestions: other nodes, asked
 *                                                    │      with Kafka's own messages ({@link NodeAnswers})
 *                                                    ├── ClusterEvents: what changed between images
 *                                                    └── this node's logs, uploads and calls of the store
 * </pre>
 *
 * Every list is paged or bounded, and what a node cannot know the answer says: {@code unanswered}
 * names the nodes that were not heard, and figures that only a partition's leader has are null
 * elsewhere. Reports run on the HTTP port's workers, which may wait.
 */
@NullMarked
package io.tidemark.gateway.console;

import org.jspecify.annotations.NullMarked;

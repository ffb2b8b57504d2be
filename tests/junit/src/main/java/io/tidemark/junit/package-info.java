/**
 * A cluster in the process of a test, for the tests of other projects.
 *
 * <pre>
 *   {@literal @}Tidemark ───────────► AnnotatedCluster ─┐
 *                                              ├─► ClusterPlan ─► TidemarkCluster ─► LocalNode ─► Node
 *   {@literal @}RegisterExtension ──► TidemarkExtension ┘        parameters: Injection ┘
 * </pre>
 *
 * <p>Nodes are real ones, with sockets on the loopback address, folders below a temporary one and a
 * folder as object store; only what costs time and memory without telling a test anything is
 * smaller.
 */
@NullMarked
package io.tidemark.junit;

import org.jspecify.annotations.NullMarked;

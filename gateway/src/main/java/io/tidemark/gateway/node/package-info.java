/**
 * The node: everything built and joined in one place, started and stopped in order.
 *
 * <pre>
 *   NodeConfig ─┐
 *               ├─► Wiring ─► hot tier ─► quorum, controller ─► image ─► replicas
 *   NodePorts ──┘                └─► cold tier      └─► coordinator     └─► handlers ─► listeners
 * </pre>
 *
 * <p>The only part of a node that reads clocks, draws random numbers and makes threads, and it does
 * so in one class, {@link io.tidemark.gateway.node.MachinePorts}: the wiring takes them from {@link
 * io.tidemark.gateway.node.NodePorts}, so that a test builds the very same node above simulated
 * ones and runs it in one thread. What needs sockets (listeners, HTTP) is joined last and apart
 * from the rest.
 */
@NullMarked
package io.tidemark.gateway.node;

import org.jspecify.annotations.NullMarked;

/**
 * The process: all that knows the network, the protocol and the machine. It knows every other
 * module, and none knows it.
 *
 * <pre>
 *   cli ──▶ node: Wiring builds and joins all of this, from config
 *             │
 *   clients ──▶ net: frames, connections ──▶ api: a handler for each family, fetch: sessions
 *                 │ security: who is it?       │ security: may they?
 *                                              ├──▶ hot tier    coordinator: its log on replicas
 *                                              ├──▶ cold tier
 *                                              └──▶ metadata
 *   tools, probes ──▶ http       logging, metrics: what the node says of itself
 * </pre>
 */
@NullMarked
package io.tidemark.gateway;

import org.jspecify.annotations.NullMarked;

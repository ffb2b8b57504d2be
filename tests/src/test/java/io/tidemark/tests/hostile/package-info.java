/**
 * Clients that mean harm: requests whose bytes nobody would send, and what the others meanwhile
 * notice of them, which is to be nothing.
 *
 * <pre>
 *   RandomRequests ──bodies──▶ HostileBytesIT ──frames──▶ node ◀──produce, fetch── a healthy client
 * </pre>
 */
@NullMarked
package io.tidemark.tests.hostile;

import org.jspecify.annotations.NullMarked;

/**
 * Encryption of connections: the key, certificates and trusted authorities of a listener as they
 * are at the moment.
 *
 * <pre>
 *   ssl.* of a listener ──► TlsListener ──► an SSLEngine for each connection
 *   files change, settings change ──┘ checked first; what cannot be used changes nothing
 * </pre>
 *
 * Stores are read and compared by kafka-clients' own classes, so that every format and rule is
 * Kafka's.
 */
@NullMarked
package io.tidemark.gateway.security.tls;

import org.jspecify.annotations.NullMarked;

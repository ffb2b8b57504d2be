/**
 * Encryption of connections: the key, certificates and trusted authorities of a listener as they
 * are at the moment.
 *
 * <pre>
 *   ssl.* of a listener ──► TlsEngines ──► an SSLEngine for each connection, to here or from here
 *   files change, settings change ──┘  └──► NodeCertificates: the same stores, for voters
 *   checked first; what cannot be used changes nothing
 * </pre>
 *
 * Stores are read and compared by kafka-clients' own classes, so that every format and rule is
 * Kafka's. Where there is OpenSSL for the machine (NativeEngines) it does the arithmetic of
 * listeners' connections; whom to trust is the JDK's to say.
 */
@NullMarked
package io.tidemark.gateway.security.tls;

import org.jspecify.annotations.NullMarked;

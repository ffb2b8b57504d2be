/**
 * Who is at the other end of a connection.
 *
 * <pre>
 *   PLAINTEXT         SSL                    SASL_PLAINTEXT, SASL_SSL
 *   OpenDoor          CertificateDoor        SaslDoor
 *   ANONYMOUS         the certificate's      ApiVersions?  SaslHandshake  SaslAuthenticate …
 *                     name, or ANONYMOUS        │  PLAIN, SCRAM, OAUTHBEARER: kafka-clients' own
 *                                               ▼  servers, with credentials from here
 *                                            a principal, for a time
 * </pre>
 *
 * The other way round, {@link io.tidemark.gateway.security.auth.Logins} is how this node says who
 * it is where it goes to others.
 *
 * <p>A connection asks its {@link io.tidemark.gateway.security.auth.Authentication} before each
 * request whether it may pass; until a principal is known nothing but what leads to one does.
 */
@NullMarked
package io.tidemark.gateway.security.auth;

import org.jspecify.annotations.NullMarked;

/**
 * Who may do what: Kafka's access control lists, from the metadata quorum.
 *
 * <pre>
 *   SecurityImage ──► AclIndex ──► Authoriser ──► Access of one principal from one host
 *                     decides      the present     remembers decisions until the rules change
 *                                  rules
 * </pre>
 */
@NullMarked
package io.tidemark.gateway.security.acl;

import org.jspecify.annotations.NullMarked;

/**
 * What is written down of who came in, who was refused, and who changed what.
 *
 * <pre>
 *   logins     WitnessedDoor ──┐                       ┌► AuditLane ─► a file, one JSON object a line
 *   refusals   AuditedApis ────┼─► AuditLog.tell ──────┤   bounded queue, one thread
 *   changes    AuditedApis ────┘   never waits         └► AuditLane ─► a topic, one a record
 * </pre>
 *
 * Whoever tells something goes on at once: what finds a queue full is counted and left out, and
 * nobody's request waits for a disk or a topic. {@link
 * io.tidemark.gateway.security.audit.AuditLine} writes the fields, which are in docs/formats.md.
 */
@NullMarked
package io.tidemark.gateway.security.audit;

import org.jspecify.annotations.NullMarked;

/**
 * What the cluster knows of itself, and the coordinators of groups: two rooms that do not see each
 * other.
 *
 * <pre>
 *   controller   decides, on the quorum's leader            coordinator   a shell for event-sourced cores
 *      │ events                ▲ image                           │            over an internal topic
 *      ▼                       │                                 ▼
 *   quorum       replicates ─ image ◀─fold─ event          coordinator.group   classic consumer groups
 * </pre>
 *
 * Both write down what they decided, not what they were asked, and are rebuilt by reading it again.
 * The ports that others supply are {@code ConfigPolicy} and {@code CoordinatorLog}.
 */
@NullMarked
package io.tidemark.metadata;

import org.jspecify.annotations.NullMarked;

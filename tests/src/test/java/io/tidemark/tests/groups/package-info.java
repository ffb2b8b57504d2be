/**
 * Groups over a real log: the coordinator, the replicas of its topic and their cleaner, on a disk
 * that is simulated or not, without the rest of a node.
 */
@NullMarked
package io.tidemark.tests.groups;

import org.jspecify.annotations.NullMarked;

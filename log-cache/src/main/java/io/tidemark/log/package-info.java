/** The hot tier: the logs of this node's partitions on local disks, and their replication. */
@NullMarked
package io.tidemark.log;

import org.jspecify.annotations.NullMarked;

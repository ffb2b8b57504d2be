/**
 * The hot tier: the logs of this node's partitions on local disks, and their replication.
 *
 * <pre>
 *   replica     who leads, who is in sync, what is committed, who is told      validate
 *      │        (one queue a partition)                                        what may enter a log
 *      │   ▲
 *      │   ├── clean   of each key the newest value stays
 *      │   └── scrub   are closed segments still what was written
 *      ▼
 *   partition   the hot log: segments in a folder; log directories
 *      │
 *      ├── recovery   what a folder holds, at start
 *      ├── segment    one file of batches      index   where in it something is
 *      ├── producer   who wrote last           epoch   which leader wrote what
 *      ├── record     batches, read and changed in place
 *      ▼
 *   disk        the port to a file system
 * </pre>
 *
 * A log is the record batches, byte for byte as they travel; all else beside them can be made from
 * them again. Nothing here knows the cluster, the object store or the network: what it needs of
 * them comes in through ports ({@code IsrChanges}, executors, clock, {@link
 * io.tidemark.log.disk.Disk}).
 */
@NullMarked
package io.tidemark.log;

import org.jspecify.annotations.NullMarked;

/**
 * The port to a file system and the real one behind it.
 *
 * <pre>
 *   logs, segments, checkpoints ──▶ Disk, DiskFile ──┬─▶ FileSystemDisk, ChannelFile   java.nio
 *                                                    └─▶ the simulated disk of tests:  loses what was not
 *                                                        forced, tears, fills up, fails, hangs, rots
 * </pre>
 *
 * What was written survives the process; what was forced, and whose name was synced, survives the
 * machine. Errors say what they speak against: a full disk and too many open files have types of
 * their own, anything else means that the disk cannot be trusted. Small text files that know
 * whether they are whole are {@link io.tidemark.log.disk.CheckedLines}.
 */
@NullMarked
package io.tidemark.log.disk;

import org.jspecify.annotations.NullMarked;

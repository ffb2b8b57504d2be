/**
 * The port to a file system ({@link io.tidemark.log.disk.Disk}, {@link
 * io.tidemark.log.disk.DiskFile}) and the real one behind it. Everything above goes to disk this
 * way only, so that tests can put a disk in its place that loses, tears, fills up, fails and rots.
 *
 * <pre>
 *   what                       survives the process   survives the machine
 *   bytes written              at once                after DiskFile.force
 *   names made, moved, gone    at once                after Disk.syncDirectory
 *   writeAtomically            old or new, whole      old or new, whole
 * </pre>
 *
 * A full disk and too many open files have types of their own, because nothing is broken; any other
 * error means that the disk is not trusted again. No thread inside a call is ever interrupted.
 */
@NullMarked
package io.tidemark.log.disk;

import org.jspecify.annotations.NullMarked;

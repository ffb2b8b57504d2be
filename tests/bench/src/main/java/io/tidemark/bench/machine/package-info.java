/**
 * What the machine says about a run: processor time and memory of the server, and how much of the
 * machine went to neither server nor client.
 *
 * <pre>
 *   /proc/&lt;pid&gt;/stat    utime, stime of the servers and of our own processes ─┐
 *   /proc/stat          busy time of the whole machine ─────────────────────┼─► Meter ─► Usage
 *   /proc/&lt;pid&gt;/status  VmRSS, VmHWM ─► resident memory now and at its peak
 * </pre>
 */
@NullMarked
package io.tidemark.bench.machine;

import org.jspecify.annotations.NullMarked;

/**
 * What the peer needs that is not published: a cold tier in a folder.
 *
 * <pre>
 *   Kafka's RemoteLogManager ─► DirectoryRemoteStorageManager ─► &lt;folder&gt;/&lt;topic&gt;-&lt;partition&gt;/&lt;segment id&gt;/
 *                                                                 records, offsets, times, …
 * </pre>
 *
 * <p>Which segments exist is kept by Kafka's own topic-based RemoteLogMetadataManager.
 */
@NullMarked
package io.tidemark.bench.kafka;

import org.jspecify.annotations.NullMarked;

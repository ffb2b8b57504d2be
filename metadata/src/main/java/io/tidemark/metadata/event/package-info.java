/**
 * What happened to the cluster's metadata, and the fold of that into an image.
 *
 * <pre>
 *   controller decides ──► Event… ──EventCodec──► bytes of one quorum entry
 *                                                     │ committed
 *   ClusterImage ──ImageFold──► next ClusterImage ◄───┘   + ImageDelta
 *        ▲ │
 *        │ └──ImageEvents──► the shortest Event… that fold to it ──SnapshotCodec──► file
 *        └─────────────────────────────────────────────────────────SnapshotCodec────┘
 * </pre>
 *
 * Events say what was decided, with the epochs it was decided on; the fold refuses one whose epochs
 * have moved and decides nothing else. So the log can be folded by any later release and gives the
 * same image. Events are protobuf with a version each, and an unknown one is never skipped.
 */
@NullMarked
package io.tidemark.metadata.event;

import org.jspecify.annotations.NullMarked;

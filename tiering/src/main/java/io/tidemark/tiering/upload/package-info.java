/**
 * How closed segments reach the store.
 *
 * <pre>
 *   UploadAge      closes an idle active segment
 *   UploadPolicy   the oldest closed segment below the last stable offset, past the copy lag
 *   SegmentUpload  read and checked on its directory's threads, put under a fresh uuid
 *   ManifestCommitter   the manifest that lists it becomes current through the quorum:
 *                       COMMITTED · STALE (begin anew from the current one) · FENCED (stop)
 * </pre>
 *
 * {@link io.tidemark.tiering.upload.TierAgreement} compares a new leader's log with the bucket
 * before any of it.
 */
@NullMarked
package io.tidemark.tiering.upload;

import org.jspecify.annotations.NullMarked;

/**
 * Object stores: what the cold tier needs of one, and the layers every call passes.
 *
 * <pre>
 *   uploads, sweeps, remote reads
 *        │            a key of {@link io.tidemark.tiering.store.ObjectKeys}, bytes
 *   RetryingObjectStore   the only layer that retries: deadline, backoff with jitter, retry budget
 *   LimitedObjectStore    how many calls at once (shrinks when throttled), how many bytes a second
 *   MeteredObjectStore    calls, latency and bytes by operation and result
 *        │
 *   DirectoryObjectStore | S3ObjectStore
 * </pre>
 *
 * {@link io.tidemark.tiering.store.ObjectStores} opens the whole stack from {@code tiering.store}.
 */
@NullMarked
package io.tidemark.tiering.store;

import org.jspecify.annotations.NullMarked;

package io.tidemark.tiering;

import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.sweep.DeletedTopics;
import java.util.function.LongSupplier;

/**
 * The cold tier as the life cycle needs it, supplied by the wiring, which also closes it.
 *
 * @param store the whole stack: retries, limits and meters included
 * @param manifests shared with the remote reader
 * @param nodeEpoch this node's current registration
 * @param deletedTopics topics whose objects this node is to remove
 */
public record ColdTier(
    ObjectStore store,
    ObjectKeys keys,
    ManifestObjects objects,
    ManifestCache manifests,
    LongSupplier nodeEpoch,
    DeletedTopics deletedTopics) {}

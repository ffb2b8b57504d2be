package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.tiering.ColdTier;
import io.tidemark.tiering.Tiering;
import io.tidemark.tiering.TieringPlatform;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.read.CachedRemoteReader;
import io.tidemark.tiering.read.RemoteReader;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * The cold tier: the store, the reader, and the service that uploads, retains and deletes. Without
 * a store only the service is there, which keeps hot retention.
 */
final class ColdTierWiring {
  private static final long MANIFEST_CACHE_BYTES = 32L << 20;

  private final @Nullable RemoteReader reader;
  private final @Nullable ManifestCache manifests;
  private final Tiering tiering;

  private ColdTierWiring(
      @Nullable RemoteReader reader, @Nullable ManifestCache manifests, Tiering tiering) {
    this.reader = reader;
    this.manifests = manifests;
    this.tiering = tiering;
  }

  static ColdTierWiring open(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      HotTierWiring hotTier,
      MetadataWiring metadata,
      LongSupplier nodeEpoch,
      MeterRegistry meters,
      Closer closer) {
    ObjectStore store = backends.openStore(config, ports, meters);
    Executor waiting = waiting(ports.virtualThreads("tier"));
    TieringPlatform platform =
        new TieringPlatform(
            ports.time(),
            ports.random(),
            waiting,
            hotTier::bulk,
            ports.thread("tier-timer"),
            meters);
    ManifestCommits commits = new ControllerManifestCommits(metadata.controller(), config.nodeId());
    if (store == null) {
      return new ColdTierWiring(
          null,
          null,
          closer.add("tiers", new Tiering(NodeSettings.tiering(config), platform, commits, null)));
    }
    closer.add("object store", store);
    ObjectKeys keys = new ObjectKeys(metadata.image().clusterId());
    ManifestObjects objects = new ManifestObjects(store, keys);
    ManifestCache manifests =
        new ManifestCache(objects, MANIFEST_CACHE_BYTES, ports.thread("manifests"), meters);
    RemoteReader reader = reader(config, ports, store, manifests, commits, meters, closer);
    ColdTier tier =
        new ColdTier(
            store,
            keys,
            objects,
            manifests,
            nodeEpoch,
            new ImageDeletedTopics(config.nodeId(), metadata::image, metadata.controller()));
    Tiering tiering =
        closer.add("tiers", new Tiering(NodeSettings.tiering(config), platform, commits, tier));
    return new ColdTierWiring(reader, manifests, tiering);
  }

  /** What a node reads that holds nothing itself; null without a store. */
  static @Nullable RemoteReader openReader(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      MetadataWiring metadata,
      MeterRegistry meters,
      Closer closer) {
    ObjectStore store = backends.openStore(config, ports, meters);
    if (store == null) {
      return null;
    }
    closer.add("object store", store);
    ManifestObjects objects =
        new ManifestObjects(store, new ObjectKeys(metadata.image().clusterId()));
    return reader(
        config,
        ports,
        store,
        new ManifestCache(objects, MANIFEST_CACHE_BYTES, ports.thread("manifests"), meters),
        new ControllerManifestCommits(metadata.controller(), config.nodeId()),
        meters,
        closer);
  }

  private static RemoteReader reader(
      NodeConfig config,
      NodePorts ports,
      ObjectStore store,
      ManifestCache manifests,
      ManifestCommits commits,
      MeterRegistry meters,
      Closer closer) {
    return closer.add(
        "remote reader",
        new CachedRemoteReader(
            store,
            manifests,
            commits,
            NodeSettings.remoteReads(config),
            ports.time(),
            ports.virtualThreads("remote-read"),
            meters));
  }

  /** A virtual thread for each task. */
  private static Executor waiting(ThreadFactory threads) {
    return task -> threads.newThread(task).start();
  }

  /** Null without a store. */
  @Nullable RemoteReader reader() {
    return reader;
  }

  /** What a partition has in the store, read there unless it is in memory; null without a store. */
  @Nullable Manifest manifest(TopicIdPartition id, ManifestPointer pointer)
      throws ObjectStoreException {
    return manifests == null
        ? null
        : manifests.get(id, Objects.requireNonNull(ManifestPointers.toTier(pointer)));
  }

  Tiering tiering() {
    return tiering;
  }
}

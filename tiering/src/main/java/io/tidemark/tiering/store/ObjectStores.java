package io.tidemark.tiering.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.disk.Disk;
import io.tidemark.tiering.store.directory.DirectoryObjectStore;
import io.tidemark.tiering.store.s3.S3ObjectStore;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;

/**
 * Opens stores with all their layers. Opening asks the store nothing, so it succeeds while the
 * store is away.
 *
 * @param io threads for the disk of a directory store
 */
public record ObjectStores(
    Disk disk, Executor io, Time time, RandomGenerator random, MeterRegistry meters) {

  /** The store that the settings name; the caller closes it. */
  public ObjectStore open(StoreSettings settings) {
    return layered(bare(settings), settings);
  }

  /** Puts the layers around a store. */
  public ObjectStore layered(ObjectStore bare, StoreSettings settings) {
    ObjectStore metered = new MeteredObjectStore(bare, time, meters);
    ObjectStore limited = new LimitedObjectStore(metered, settings.limits(), time, meters);
    return new RetryingObjectStore(limited, settings.retries(), time, random, meters);
  }

  private ObjectStore bare(StoreSettings settings) {
    return switch (settings.location()) {
      case StoreLocation.Directory directory ->
          new DirectoryObjectStore(disk, directory.root(), io, time, random);
      // The SDK is loaded with the class that is named here, not before.
      case StoreLocation.Bucket bucket -> S3ObjectStore.open(bucket, settings.s3(), time);
    };
  }
}

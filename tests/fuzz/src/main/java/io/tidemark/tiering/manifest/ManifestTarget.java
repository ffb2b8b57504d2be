package io.tidemark.tiering.manifest;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** A manifest or a leaf of one as the store gave it: whole and in order, or corrupt. */
public final class ManifestTarget {
  private static final Uuid TOPIC = new Uuid(1, 2);
  private static final ManifestCodec CODEC =
      new ManifestCodec(new ObjectKeys("Q0NDQ0NDQ0NDQ0NDQ0NDQw"));

  private ManifestTarget() {}

  /** A manifest with a leaf, segments, a lineage and pending deletes, and a leaf. */
  public static List<byte[]> seeds() {
    ObjectKeys keys = new ObjectKeys("Q0NDQ0NDQ0NDQ0NDQ0NDQw");
    List<RemoteSegment> segments = List.of(segment(900, 1_500), segment(1_500, 2_000));
    Manifest manifest =
        new Manifest(
            TOPIC,
            0,
            9,
            new Uuid(21, 22),
            new ManifestPointer(8, new Uuid(31, 32), 1_000, 512, 5),
            3,
            2_000,
            1_500,
            List.of(new LeafReference(new Uuid(41, 42), 0, 100, 900, 512, 64, 1, 2, 30_000, -5)),
            segments,
            List.of(new EpochEntry(1, 0), new EpochEntry(3, 950)),
            List.of(new PendingDelete(segment(0, 50).key(keys, TOPIC, 0), 1)));
    return List.of(
        CODEC.encode(manifest),
        CODEC.encodeLeaf(TOPIC, 0, new ManifestLeaf(new Uuid(1, 2), segments)));
  }

  private static RemoteSegment segment(long base, long next) {
    return new RemoteSegment(base, next, 3, new Uuid(base, next), 1_000, 1_200, 77, 1, true, 2);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Manifest manifest = CODEC.decode(TOPIC, 0, ByteBuffer.wrap(input));
      CODEC.decode(TOPIC, 0, ByteBuffer.wrap(CODEC.encode(manifest)));
    } catch (ObjectStoreException e) {
      mustBeCorrupt(e);
    }
    try {
      CODEC.decodeLeaf(TOPIC, 0, ByteBuffer.wrap(input));
    } catch (ObjectStoreException e) {
      mustBeCorrupt(e);
    }
  }

  private static void mustBeCorrupt(ObjectStoreException e) {
    if (e.kind() != Kind.CORRUPT) {
      throw new IllegalStateException(e);
    }
  }
}

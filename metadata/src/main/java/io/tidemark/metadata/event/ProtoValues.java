package io.tidemark.metadata.event;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.proto.ManifestMessage;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;

/** Values that several messages hold, as protobuf and back. A uuid is 16 bytes, big-endian. */
public final class ProtoValues {
  private static final int UUID_BYTES = 16;

  private ProtoValues() {}

  public static ByteString uuid(Uuid uuid) {
    byte[] bytes = new byte[UUID_BYTES];
    ByteBuffer.wrap(bytes)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits());
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /**
   * Reads a uuid.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Uuid uuid(ByteString bytes) {
    if (bytes.size() != UUID_BYTES) {
      throw new IllegalArgumentException("a uuid of %d bytes".formatted(bytes.size()));
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new Uuid(buffer.getLong(), buffer.getLong());
  }

  public static ManifestMessage manifest(ManifestPointer manifest) {
    return ManifestMessage.newBuilder()
        .setVersion(manifest.version())
        .setUuid(uuid(manifest.uuid()))
        .setTieredOffset(manifest.tieredOffset())
        .setSizeBytes(manifest.sizeBytes())
        .setCrc32C(manifest.crc32c())
        .build();
  }

  /**
   * Reads a manifest's pointer.
   *
   * @throws IllegalArgumentException when no manifest has such values
   */
  public static ManifestPointer manifest(ManifestMessage m) {
    return new ManifestPointer(
        m.getVersion(), uuid(m.getUuid()), m.getTieredOffset(), m.getSizeBytes(), m.getCrc32C());
  }
}

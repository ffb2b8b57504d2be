package io.tidemark.tiering.store;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;

/**
 * Where everything lies in a store, for one cluster. Nothing else builds or takes apart a key.
 *
 * <pre>
 *   &lt;cluster id&gt;/topics/&lt;topic id&gt;/&lt;metadata version, 20 digits&gt;.pb
 *   &lt;cluster id&gt;/segments/&lt;hh&gt;/&lt;topic id&gt;/&lt;partition&gt;/&lt;base offset, 20 digits&gt;-&lt;leader epoch&gt;-&lt;uuid&gt;.seg
 *   &lt;cluster id&gt;/manifests/&lt;hh&gt;/&lt;topic id&gt;/&lt;partition&gt;/&lt;version, 20 digits&gt;-&lt;uuid&gt;.pb
 *   &lt;cluster id&gt;/manifests/&lt;hh&gt;/&lt;topic id&gt;/&lt;partition&gt;/&lt;base offset, 20 digits&gt;-&lt;uuid&gt;.leaf
 * </pre>
 *
 * {@code hh} is the first byte, in hex, of CRC32C(topic id, partition): it spreads partitions over
 * the key ranges by which stores partition their load. Topic ids and uuids are in Kafka's base64
 * form. Immutable.
 */
public record ObjectKeys(String clusterId) {
  private static final String SEGMENT = ".seg";
  private static final String MANIFEST = ".pb";
  private static final String LEAF = ".leaf";
  private static final int DIGITS = 20;

  /** A segment object's name taken apart. */
  public record SegmentName(long baseOffset, int leaderEpoch, Uuid uuid) {}

  /** A manifest's (version) or leaf's (base offset) name taken apart. */
  public record NumberedName(long number, Uuid uuid) {}

  public String clusterPrefix() {
    return clusterId + "/";
  }

  public String segmentsPrefix() {
    return clusterId + "/segments/";
  }

  public String manifestsPrefix() {
    return clusterId + "/manifests/";
  }

  public String topicsPrefix() {
    return clusterId + "/topics/";
  }

  /** Folder, with its closing slash, of one partition's segments. */
  public String segmentsPrefix(Uuid topicId, int partition) {
    return segmentsPrefix() + place(topicId, partition);
  }

  /** Folder, with its closing slash, of one partition's manifests and leaves. */
  public String manifestsPrefix(Uuid topicId, int partition) {
    return manifestsPrefix() + place(topicId, partition);
  }

  public String segment(Uuid topicId, int partition, SegmentName name) {
    return segmentsPrefix(topicId, partition)
        + "%020d-%d-%s"
            .formatted((Long) name.baseOffset(), (Integer) name.leaderEpoch(), name.uuid())
        + SEGMENT;
  }

  public String manifest(Uuid topicId, int partition, long version, Uuid uuid) {
    return manifestsPrefix(topicId, partition) + numbered(version, uuid) + MANIFEST;
  }

  public String leaf(Uuid topicId, int partition, long baseOffset, Uuid uuid) {
    return manifestsPrefix(topicId, partition) + numbered(baseOffset, uuid) + LEAF;
  }

  public String topic(Uuid topicId, long metadataVersion) {
    return topicsPrefix() + topicId + "/" + "%020d".formatted((Long) metadataVersion) + MANIFEST;
  }

  /** The parts of a segment's key, or empty when {@code key} is not one. */
  public static Optional<SegmentName> segmentName(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    int epochEnd = name.indexOf('-', DIGITS + 1);
    if (!name.endsWith(SEGMENT) || name.indexOf('-') != DIGITS || epochEnd < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SegmentName(
              Long.parseLong(name.substring(0, DIGITS)),
              Integer.parseInt(name.substring(DIGITS + 1, epochEnd)),
              Uuid.fromString(name.substring(epochEnd + 1, name.length() - SEGMENT.length()))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The parts of a manifest's or leaf's key, or empty when {@code key} is neither. */
  public static Optional<NumberedName> numberedName(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    int end =
        name.endsWith(LEAF) ? name.length() - LEAF.length() : name.length() - MANIFEST.length();
    boolean isNumbered = name.endsWith(LEAF) || name.endsWith(MANIFEST);
    if (!isNumbered || name.indexOf('-') != DIGITS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new NumberedName(
              Long.parseLong(name.substring(0, DIGITS)),
              Uuid.fromString(name.substring(DIGITS + 1, end))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether {@code key} names a leaf. */
  public static boolean isLeaf(String key) {
    return key.endsWith(LEAF);
  }

  private static String numbered(long number, Uuid uuid) {
    return "%020d-%s".formatted((Long) number, uuid);
  }

  private static String place(Uuid topicId, int partition) {
    CRC32C crc = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES);
    bytes.putLong(topicId.getMostSignificantBits());
    bytes.putLong(topicId.getLeastSignificantBits());
    bytes.putInt(partition);
    crc.update(bytes.flip());
    return String.format(
        Locale.ROOT, "%02x/%s/%d/", (Long) (crc.getValue() >>> 24), topicId, (Integer) partition);
  }
}

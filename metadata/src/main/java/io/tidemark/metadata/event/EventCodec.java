package io.tidemark.metadata.event;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.metadata.proto.EventBatch;
import io.tidemark.metadata.proto.EventMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of one quorum entry: a protobuf {@code EventBatch}.
 *
 * <pre>
 *   format  uint32   1
 *   term    int64    the Raft term the events were decided in
 *   events  repeated
 *     version  uint32   of this kind of event
 *     body     oneof    the event, {@code events.proto}
 * </pre>
 *
 * Reading is strict: a format, a kind or a version that is not known here is refused, never
 * skipped.
 */
public final class EventCodec {
  static final int FORMAT = 1;

  /** The events of one entry and the term they were decided in. */
  public record Batch(long term, List<Event> events) {}

  private EventCodec() {}

  public static byte[] encode(Batch batch) {
    return message(batch).toByteArray();
  }

  /** The entry as part of a greater message. */
  public static EventBatch message(Batch batch) {
    EventBatch.Builder message = EventBatch.newBuilder().setFormat(FORMAT).setTerm(batch.term());
    batch.events().forEach(event -> message.addEvents(EventEncoder.encode(event)));
    return message.build();
  }

  /** How many bytes events take in an entry, roughly. */
  public static long sizeBytes(List<Event> events) {
    return events.stream().mapToLong(event -> EventEncoder.encode(event).getSerializedSize()).sum();
  }

  /**
   * Reads one entry.
   *
   * @throws UnknownEventException when a later release wrote it, or nobody did
   */
  public static Batch decode(ByteBuffer bytes) {
    return read(parse(bytes));
  }

  /**
   * Reads the entry in a greater message.
   *
   * @throws UnknownEventException when a later release wrote it
   */
  public static Batch read(EventBatch message) {
    if (message.getFormat() != FORMAT) {
      throw new UnknownEventException(
          "The metadata log holds an entry of format %d, this release knows format %d; start a newer release on this folder"
              .formatted(message.getFormat(), FORMAT));
    }
    List<Event> events = new ArrayList<>(message.getEventsCount());
    for (EventMessage event : message.getEventsList()) {
      events.add(EventDecoder.decode(event));
    }
    return new Batch(message.getTerm(), List.copyOf(events));
  }

  private static EventBatch parse(ByteBuffer bytes) {
    try {
      return EventBatch.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UnknownEventException(
          "The metadata log holds %d bytes that are no entry: %s"
              .formatted(bytes.remaining(), e.getMessage()));
    }
  }

  /**
   * The newest version of each kind of event; older ones are read too, newer ones not. An event is
   * written in the oldest version that can say it.
   */
  static int version(EventMessage.BodyCase kind) {
    return switch (kind) {
      case CLUSTER_FORMED,
          CONTROLLER_ELECTED,
          NODE_UNREGISTERED,
          NODE_STATE_CHANGED,
          TOPIC_DELETED,
          MANIFEST_COMMITTED,
          LOG_START_ADVANCED,
          CONFIGS_CHANGED,
          FEATURE_FINALISED,
          PRODUCER_IDS_ALLOCATED,
          TOPIC_EMPTIED,
          TOPIC_AWAITING_EMPTYING,
          ACL_CREATED,
          ACL_DELETED,
          SCRAM_CREDENTIAL_SET,
          SCRAM_CREDENTIAL_REMOVED,
          CLIENT_QUOTAS_CHANGED,
          DELEGATION_TOKEN_SET,
          DELEGATION_TOKEN_REMOVED ->
          1;
      // 2: may be a gateway's.
      case NODE_REGISTERED -> 2;
      // 2: may carry a reassignment.
      case TOPIC_CREATED, PARTITIONS_ADDED, PARTITION_CHANGED -> 2;
      case BODY_NOT_SET -> 0;
    };
  }
}

package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Builds request frames as a client would, and takes response streams apart. */
final class Wire {
  static final short PRODUCE_VERSION = 13;
  static final short FETCH_VERSION = 17;
  static final short METADATA_VERSION = 12;

  private Wire() {}

  /** A whole frame with its size field. */
  static byte[] frame(AbstractRequest request, int correlationId) {
    RequestHeader header =
        new RequestHeader(request.apiKey(), request.version(), "client", correlationId);
    ByteBuffer body = request.serializeWithHeader(header);
    ByteBuffer frame = ByteBuffer.allocate(4 + body.remaining());
    frame.putInt(body.remaining()).put(body);
    return frame.array();
  }

  static byte[] produce(int correlationId, int recordBytes) {
    return produce(correlationId, recordBytes, (short) -1);
  }

  static byte[] produce(int correlationId, int recordBytes, short acks) {
    var partition =
        new ProduceRequestData.PartitionProduceData()
            .setIndex(0)
            .setRecords(io.tidemark.log.record.WireRecords.of(filled(recordBytes, correlationId)));
    var topic =
        new ProduceRequestData.TopicProduceData()
            .setTopicId(new Uuid(1, 2))
            .setPartitionData(new ArrayList<>(List.of(partition)));
    var data = new ProduceRequestData().setAcks(acks).setTimeoutMs(1000);
    data.topicData().add(topic);
    return frame(new ProduceRequest(data, PRODUCE_VERSION), correlationId);
  }

  /** Bytes that tell where they belong. */
  static ByteBuffer filled(int bytes, int seed) {
    ByteBuffer records = ByteBuffer.allocate(bytes);
    for (int i = 0; i < bytes; i++) {
      records.put((byte) (i * 31 + seed));
    }
    return records.flip();
  }

  static byte[] metadata(int correlationId) {
    return frame(
        new MetadataRequest(new MetadataRequestData().setTopics(null), METADATA_VERSION),
        correlationId);
  }

  static byte[] fetch(int correlationId) {
    return frame(new FetchRequest(new FetchRequestData(), FETCH_VERSION), correlationId);
  }

  static byte[] apiVersions(int correlationId) {
    return frame(
        new ApiVersionsRequest.Builder().build(ApiKeys.API_VERSIONS.latestVersion()),
        correlationId);
  }

  /** A request with only the fixed part of its header. */
  static byte[] header(int apiKey, int version, int correlationId) {
    return ByteBuffer.allocate(14)
        .putInt(10)
        .putShort((short) apiKey)
        .putShort((short) version)
        .putInt(correlationId)
        .putShort((short) -1)
        .array();
  }

  static byte[] concat(byte[]... parts) {
    ByteBuf all = Unpooled.buffer();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    return bytes;
  }

  /** The correlation ids of whole responses, in order. */
  static List<Integer> correlationIds(ByteBuf responses) {
    List<Integer> ids = new ArrayList<>();
    int at = responses.readerIndex();
    while (at < responses.writerIndex()) {
      ids.add(responses.getInt(at + 4));
      at += 4 + responses.getInt(at);
    }
    return ids;
  }
}

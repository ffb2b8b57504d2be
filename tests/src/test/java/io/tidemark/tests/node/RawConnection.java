package io.tidemark.tests.node;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ResponseHeader;

/** One connection that speaks the protocol frame by frame. */
final class RawConnection implements AutoCloseable {
  private static final int PATIENCE_MS = 90_000;

  private final Socket socket;
  private int correlationId;

  RawConnection(String bootstrapServer) throws IOException {
    int colon = bootstrapServer.lastIndexOf(':');
    socket =
        new Socket(
            bootstrapServer.substring(0, colon),
            Integer.parseInt(bootstrapServer.substring(colon + 1)));
    socket.setSoTimeout(PATIENCE_MS);
  }

  /** A response and how many of its bytes its own schema does not explain. */
  record Answer(AbstractResponse response, int surplusBytes) {}

  Answer ask(ApiKeys key, short version, ByteBuffer body) throws IOException {
    send(key, version, body);
    ByteBuffer frame = receive();
    ResponseHeader header = ResponseHeader.parse(frame, key.responseHeaderVersion(version));
    if (header.correlationId() != correlationId) {
      throw new IOException(
          "answer to request " + header.correlationId() + " instead of " + correlationId);
    }
    AbstractResponse response =
        AbstractResponse.parseResponse(key, new ByteBufferAccessor(frame), version);
    return new Answer(response, frame.remaining());
  }

  /** ApiVersions of a version that does not exist yet: the answer is to be of version 0. */
  AbstractResponse askUnknownApiVersions() throws IOException {
    sendHeaderOnly(ApiKeys.API_VERSIONS.id, (short) 99);
    ByteBuffer frame = receive();
    ResponseHeader.parse(frame, (short) 0);
    return AbstractResponse.parseResponse(
        ApiKeys.API_VERSIONS, new ByteBufferAccessor(frame), (short) 0);
  }

  /** A request of which only the header is right. */
  void sendHeaderOnly(short apiKey, short version) throws IOException {
    correlationId++;
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(10);
    out.writeShort(apiKey);
    out.writeShort(version);
    out.writeInt(correlationId);
    out.writeShort(-1);
    out.flush();
  }

  void send(ApiKeys key, short version, ByteBuffer body) throws IOException {
    correlationId++;
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setClientId("raw")
            .setCorrelationId(correlationId);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion(version)).buffer();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(head.remaining() + body.remaining());
    out.write(head.array(), head.arrayOffset() + head.position(), head.remaining());
    out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
    out.flush();
  }

  /** The next frame, without its length. */
  ByteBuffer receive() throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    return ByteBuffer.wrap(frame);
  }

  /** Whether the other side closes without saying anything more. */
  boolean isClosedByServer() throws IOException {
    try {
      receive();
      return false;
    } catch (EOFException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

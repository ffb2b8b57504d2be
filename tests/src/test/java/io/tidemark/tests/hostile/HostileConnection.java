package io.tidemark.tests.hostile;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ResponseHeader;

/** One connection that sends what it is given and judges what comes back. Used by one thread. */
final class HostileConnection implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private int correlationId;

  HostileConnection(String bootstrapServer) throws IOException {
    int colon = bootstrapServer.lastIndexOf(':');
    String host = bootstrapServer.substring(0, colon);
    socket = new Socket(host, Integer.parseInt(bootstrapServer.substring(colon + 1)));
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** What became of a request. */
  sealed interface Outcome {
    /** An answer which its schema explains to the last byte. */
    record Answered(AbstractResponse response) implements Outcome {}

    record Closed() implements Outcome {}

    /** Nothing yet; the connection is of no more use. */
    record Silent() implements Outcome {}

    /** An answer that is none. */
    record Malformed(String why) implements Outcome {}
  }

  Outcome ask(ApiKeys key, short version, ByteBuffer body, int patienceMs) throws IOException {
    correlationId++;
    socket.setSoTimeout(patienceMs);
    try {
      send(key, version, body);
      byte[] frame = new byte[in.readInt()];
      in.readFully(frame);
      return judge(key, version, ByteBuffer.wrap(frame));
    } catch (SocketTimeoutException e) {
      return new Outcome.Silent();
    } catch (EOFException | SocketException e) {
      return new Outcome.Closed();
    }
  }

  private Outcome judge(ApiKeys key, short version, ByteBuffer frame) {
    try {
      ResponseHeader header = ResponseHeader.parse(frame, key.responseHeaderVersion(version));
      if (header.correlationId() != correlationId) {
        return new Outcome.Malformed("it answers request " + header.correlationId());
      }
      AbstractResponse response =
          AbstractResponse.parseResponse(key, new ByteBufferAccessor(frame), version);
      return frame.hasRemaining()
          ? new Outcome.Malformed(frame.remaining() + " bytes are left over")
          : new Outcome.Answered(response);
    } catch (RuntimeException e) {
      return new Outcome.Malformed(e.toString());
    }
  }

  private void send(ApiKeys key, short version, ByteBuffer body) throws IOException {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setClientId("hostile")
            .setCorrelationId(correlationId);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion(version)).buffer();
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + head.remaining() + body.remaining());
    frame.putInt(head.remaining() + body.remaining()).put(head).put(body);
    out.write(frame.array());
    out.flush();
  }

  /** Bytes as they are, which may be no frame at all; the answer, if any, is not looked at. */
  void sendRaw(byte[] bytes) throws IOException {
    try {
      out.write(bytes);
      out.flush();
    } catch (SocketException e) {
      // closed meanwhile: that is an answer too
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

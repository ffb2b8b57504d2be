package io.tidemark.bench.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;

/**
 * One blocking connection. Used by one thread; closed by who opened it.
 *
 * <pre>
 *   response := size int32 | correlation id int32 | [tagged fields] | body
 * </pre>
 *
 * Bytes are received into one small buffer that stays in the processor's cache; {@link #discard}
 * throws away what nobody looks at.
 */
final class ClientSocket implements AutoCloseable {
  private static final int BUFFER_BYTES = 128 << 10;

  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();

  ClientSocket(InetSocketAddress address) throws IOException {
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  /** Sends the remaining bytes of a whole request; the buffer is not moved. */
  void send(ByteBuffer request) throws IOException {
    ByteBuffer view = request.duplicate();
    while (view.hasRemaining()) {
      channel.write(view);
    }
  }

  /** Sends a request and reads its answer into {@code response}. */
  <T extends ApiMessage> T call(Request request, T response) throws IOException {
    send(request.bytes());
    receive(request, response);
    return response;
  }

  /** Reads the next answer, which must be to this request and fit the buffer. */
  void receive(Request request, ApiMessage response) throws IOException {
    int sizeBytes = readInt();
    require(sizeBytes);
    ByteBuffer body = buffer.slice(buffer.position(), sizeBytes);
    Readable readable = new ByteBufferAccessor(body);
    request.readHeader(readable);
    response.read(readable, request.version());
    buffer.position(buffer.position() + sizeBytes);
  }

  byte readByte() throws IOException {
    require(Byte.BYTES);
    return buffer.get();
  }

  short readShort() throws IOException {
    require(Short.BYTES);
    return buffer.getShort();
  }

  int readInt() throws IOException {
    require(Integer.BYTES);
    return buffer.getInt();
  }

  long readLong() throws IOException {
    require(Long.BYTES);
    return buffer.getLong();
  }

  int readUnsignedVarint() throws IOException {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = readByte();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** Throws away the next {@code count} bytes. */
  void discard(long count) throws IOException {
    long left = count;
    while (left > buffer.remaining()) {
      left -= buffer.remaining();
      buffer.clear();
      receiveSome();
      buffer.flip();
    }
    buffer.position(buffer.position() + (int) left);
  }

  private void require(int bytes) throws IOException {
    if (buffer.remaining() >= bytes) {
      return;
    }
    if (bytes > buffer.capacity()) {
      throw new IOException("An answer of " + bytes + " bytes is not expected here");
    }
    buffer.compact();
    while (buffer.position() < bytes) {
      receiveSome();
    }
    buffer.flip();
  }

  private void receiveSome() throws IOException {
    if (channel.read(buffer) < 0) {
      throw new EOFException("The server has closed the connection");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package io.tidemark.tests.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own that opens many connections, asks one thing on each of them, says so, and
 * keeps them until its standard input ends. Of its own because a process has only so many handles.
 *
 * <pre>
 * request   length 10 | ApiVersions 18 | version 0 | correlation id 7 | client id null -1
 * </pre>
 */
final class IdleConnections {
  private IdleConnections() {}

  public static void main(String[] args) throws IOException {
    InetSocketAddress server = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    List<SocketChannel> open = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      SocketChannel channel = SocketChannel.open(server);
      ask(channel);
      open.add(channel);
    }
    System.out.println("open " + open.size());
    while (System.in.read() >= 0) {}
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  private static void ask(SocketChannel channel) throws IOException {
    ByteBuffer request =
        ByteBuffer.allocate(14).putInt(10).putShort((short) 18).putShort((short) 0).putInt(7);
    request.putShort((short) -1).flip();
    while (request.hasRemaining()) {
      channel.write(request);
    }
    ByteBuffer size = read(channel, 4);
    if (read(channel, size.getInt()).getInt() != 7) {
      throw new IOException("an answer to another request");
    }
  }

  private static ByteBuffer read(SocketChannel channel, int bytes) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(bytes);
    while (read.hasRemaining()) {
      if (channel.read(read) < 0) {
        throw new IOException("closed by the node");
      }
    }
    return read.flip();
  }
}

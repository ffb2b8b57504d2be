package io.tidemark.gateway.net;

import io.tidemark.gateway.security.acl.Access;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A client's request that another node has passed on in an envelope: its bytes lie inside the
 * envelope's frame, who sent it is the client, and the connection is the node's. It is on no
 * listener, so what only nodes may do on theirs a client cannot do through another node.
 */
public final class Enveloped implements Request {
  private final Request envelope;
  private final RequestHeader header;
  private final AbstractRequest body;
  private final int sizeBytes;
  private final Access access;
  private final ClientConnection connection;

  private Enveloped(
      Request envelope,
      Decoded.Understood decoded,
      int sizeBytes,
      Access access,
      InetAddress client) {
    this.envelope = envelope;
    this.header = decoded.header();
    this.body = decoded.body();
    this.sizeBytes = sizeBytes;
    this.access = access;
    this.connection = new PassedOn(envelope.connection(), client);
  }

  /**
   * Reads the request in an envelope.
   *
   * @param bytes header and body, valid as long as the envelope's frame
   * @param access what the client may do
   * @throws InvalidRequestException it is none that is served
   */
  public static Enveloped open(
      Request envelope, ByteBuffer bytes, ServedApis apis, Access access, InetAddress client) {
    int sizeBytes = bytes.remaining();
    return switch (RequestDecoder.decode(bytes, apis)) {
      case Decoded.Understood decoded ->
          new Enveloped(envelope, decoded, sizeBytes, access, client);
      case Decoded.UnknownApiVersions _ ->
          throw new InvalidRequestException("ApiVersions is not passed on");
      case Decoded.Refused(String why) -> throw new InvalidRequestException(why);
    };
  }

  @Override
  public RequestHeader header() {
    return header;
  }

  @Override
  public AbstractRequest body() {
    return body;
  }

  @Override
  public int sizeBytes() {
    return sizeBytes;
  }

  @Override
  public long arrivedNs() {
    return envelope.arrivedNs();
  }

  @Override
  public void retain() {
    envelope.retain();
  }

  @Override
  public void release() {
    envelope.release();
  }

  @Override
  public ClientConnection connection() {
    return connection;
  }

  @Override
  public Access access() {
    return access;
  }

  /** The way to a client through another node: as long as that node's connection lasts. */
  private record PassedOn(ClientConnection way, InetAddress clientAddress)
      implements ClientConnection {

    @Override
    public String id() {
      return way.id();
    }

    @Override
    public int clientPort() {
      return way.clientPort();
    }

    @Override
    public String listenerName() {
      return "";
    }

    @Override
    public ScheduledExecutorService loop() {
      return way.loop();
    }

    @Override
    public boolean isOpen() {
      return way.isOpen();
    }

    @Override
    public Registration onClose(Runnable action) {
      return way.onClose(action);
    }
  }
}

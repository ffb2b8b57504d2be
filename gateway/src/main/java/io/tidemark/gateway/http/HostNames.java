package io.tidemark.gateway.http;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Under which names of a host a port may be asked. One that listens on loopback alone trusts
 * whoever is on the machine, so pages in a browser there must not get at it by giving a name of
 * theirs a loopback address (DNS rebinding): the name they come with stands in the request.
 * Immutable.
 */
record HostNames(boolean isLoopback, String own) {
  private static final String LOCAL = "localhost";
  private static final Pattern LITERAL = Pattern.compile("\\[[0-9a-fA-F:.]+]|[0-9]+(\\.[0-9]+){3}");

  /** Those of a port that listens there. */
  static HostNames of(InetSocketAddress address) {
    boolean isLoopback = address.getAddress() != null && address.getAddress().isLoopbackAddress();
    return new HostNames(isLoopback, address.getHostString().toLowerCase(Locale.ROOT));
  }

  /**
   * Whether a request may have this header.
   *
   * @param header {@code Host}, with or without a port; null where there is none, as of old tools
   */
  boolean mayBe(@Nullable String header) {
    if (!isLoopback || header == null) {
      return true;
    }
    String host = withoutPort(header.strip()).toLowerCase(Locale.ROOT);
    return host.equals(LOCAL)
        || host.endsWith("." + LOCAL)
        || host.equals(own)
        || LITERAL.matcher(host).matches();
  }

  private static String withoutPort(String header) {
    int colon = header.lastIndexOf(':');
    return colon > header.lastIndexOf(']') ? header.substring(0, colon) : header;
  }
}

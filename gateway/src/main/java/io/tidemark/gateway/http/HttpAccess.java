package io.tidemark.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what: strangers for the probes at least, those with a token of the metrics for
 * these too, users and those with a token for everything. Passwords are kept as digests and
 * compared in the same time whatever they are. Immutable.
 */
public final class HttpAccess {
  /** Everybody may ask for everything. */
  public static final HttpAccess OPEN =
      new HttpAccess(List.of(), List.of(), List.of(), Strangers.ALL);

  private static final Set<String> PROBES = Set.of("/livez", "/readyz");
  private static final String METRICS = "/metrics";

  /** What may be asked for without credentials. */
  public enum Strangers {
    PROBES,
    METRICS,
    ALL
  }

  private final List<byte[]> users;
  private final List<byte[]> tokens;
  private final List<byte[]> metricsTokens;
  private final Strangers strangers;

  /**
   * @param users each {@code user:password}
   */
  public HttpAccess(
      List<String> users, List<String> tokens, List<String> metricsTokens, Strangers strangers) {
    this.users = users.stream().map(HttpAccess::digest).toList();
    this.tokens = tokens.stream().map(HttpAccess::digest).toList();
    this.metricsTokens = metricsTokens.stream().map(HttpAccess::digest).toList();
    this.strangers = strangers;
  }

  /** Whether a request may pass, with what its header of that name says; null where it has none. */
  boolean allows(String path, @Nullable String authorization) {
    return allowsStrangers(path) || (authorization != null && allowsBearer(path, authorization));
  }

  private boolean allowsStrangers(String path) {
    return PROBES.contains(path)
        || switch (strangers) {
          case PROBES -> false;
          case METRICS -> path.equals(METRICS);
          case ALL -> true;
        };
  }

  private boolean allowsBearer(String path, String authorization) {
    int blank = authorization.indexOf(' ');
    if (blank < 0) {
      return false;
    }
    String credentials = authorization.substring(blank + 1).strip();
    return switch (authorization.substring(0, blank).toLowerCase(Locale.ROOT)) {
      case "basic" -> isAmong(users, decoded(credentials));
      case "bearer" ->
          isAmong(tokens, credentials)
              || (isAmong(metricsTokens, credentials) && path.equals(METRICS));
      default -> false;
    };
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static boolean isAmong(List<byte[]> known, String given) {
    byte[] digest = digest(given);
    boolean isAmong = false;
    for (byte[] one : known) { // all of them, so that the time tells nothing
      isAmong |= MessageDigest.isEqual(one, digest);
    }
    return isAmong;
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What a stranger is told to come back with. */
  List<String> challenges() {
    return users.isEmpty()
        ? List.of("Bearer realm=\"tidemark\"")
        : List.of("Basic realm=\"tidemark\", charset=\"UTF-8\"", "Bearer realm=\"tidemark\"");
  }
}

package io.tidemark.gateway.config;

import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Settings of who may ask what at the HTTP port, and whether that is encrypted. Its keys and
 * certificates are the listeners' settings, or its own behind {@code tidemark.http.}
 */
public final class HttpKeys {
  public static final String PROTOCOL = "tidemark.http.security.protocol";
  public static final String USERS = "tidemark.http.auth.users";
  public static final String TOKEN = "tidemark.http.auth.token";
  public static final String METRICS_TOKEN = "tidemark.http.auth.metrics.token";
  public static final String ANONYMOUS = "tidemark.http.anonymous";

  /** What the port may have for itself of the listeners' settings. */
  static final String PREFIX = "tidemark.http.";

  static final Set<String> OF_TLS =
      Set.of(
          TlsKeys.KEYSTORE_TYPE,
          TlsKeys.KEYSTORE_LOCATION,
          TlsKeys.KEYSTORE_PASSWORD,
          TlsKeys.KEYSTORE_KEY,
          TlsKeys.KEYSTORE_CHAIN,
          TlsKeys.KEY_PASSWORD,
          TlsKeys.TRUSTSTORE_TYPE,
          TlsKeys.TRUSTSTORE_LOCATION,
          TlsKeys.TRUSTSTORE_PASSWORD,
          TlsKeys.TRUSTSTORE_CERTIFICATES,
          TlsKeys.CRL_LOCATION,
          TlsKeys.CLIENT_AUTH,
          TlsKeys.PROTOCOL,
          TlsKeys.ENABLED_PROTOCOLS,
          TlsKeys.CIPHER_SUITES);

  private HttpKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "HTTP port")
        .choice(
            PROTOCOL,
            "PLAINTEXT",
            "PLAINTEXT or SSL. With SSL the settings of encryption hold, or the port's own, as"
                + " tidemark.http.ssl.keystore.location; a client's certificate is asked for only"
                + " by tidemark.http.ssl.client.auth.",
            "PLAINTEXT",
            "SSL")
        .secret(
            USERS,
            "Who may ask for everything with basic authentication: user:password, several separated"
                + " by commas or lines.")
        .secret(
            TOKEN,
            "Who sends it as a bearer token may ask for everything. At least 16 characters; several"
                + " are separated by commas or lines.")
        .secret(
            METRICS_TOKEN,
            "Who sends it as a bearer token may ask for /metrics and the probes, and nothing else."
                + " At least 16 characters.")
        .text(
            ANONYMOUS,
            null,
            "What may be asked for without credentials: probes (/livez and /readyz), metrics (these"
                + " and /metrics) or all. Not set means probes where credentials are configured,"
                + " else all. A node does not start on an address other machines reach with neither"
                + " credentials nor this.");
  }
}

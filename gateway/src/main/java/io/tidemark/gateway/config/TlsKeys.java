package io.tidemark.gateway.config;

import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;

/** Settings of TLS, for all listeners or, behind {@code listener.name.NAME.}, for one. */
public final class TlsKeys {
  public static final String KEYSTORE_TYPE = SslConfigs.SSL_KEYSTORE_TYPE_CONFIG;
  public static final String KEYSTORE_LOCATION = SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG;
  public static final String KEYSTORE_PASSWORD = SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG;
  public static final String KEYSTORE_KEY = SslConfigs.SSL_KEYSTORE_KEY_CONFIG;
  public static final String KEYSTORE_CHAIN = SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG;
  public static final String KEY_PASSWORD = SslConfigs.SSL_KEY_PASSWORD_CONFIG;
  public static final String TRUSTSTORE_TYPE = SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG;
  public static final String TRUSTSTORE_LOCATION = SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG;
  public static final String TRUSTSTORE_PASSWORD = SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG;
  public static final String TRUSTSTORE_CERTIFICATES =
      SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG;
  public static final String CLIENT_AUTH = BrokerSecurityConfigs.SSL_CLIENT_AUTH_CONFIG;
  public static final String PROTOCOL = SslConfigs.SSL_PROTOCOL_CONFIG;
  public static final String ENABLED_PROTOCOLS = SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG;
  public static final String CIPHER_SUITES = SslConfigs.SSL_CIPHER_SUITES_CONFIG;
  public static final String PRINCIPAL_MAPPING_RULES =
      BrokerSecurityConfigs.SSL_PRINCIPAL_MAPPING_RULES_CONFIG;
  public static final String ENDPOINT_IDENTIFICATION =
      SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG;
  public static final String ALLOW_DN_CHANGES = BrokerSecurityConfigs.SSL_ALLOW_DN_CHANGES_CONFIG;
  public static final String ALLOW_SAN_CHANGES = BrokerSecurityConfigs.SSL_ALLOW_SAN_CHANGES_CONFIG;
  public static final String CRL_LOCATION = "tidemark.ssl.crl.location";
  public static final String ENGINE = "tidemark.ssl.engine";
  public static final String RELOAD_INTERVAL_MS = "tidemark.ssl.reload.interval.ms";

  /** What may be changed for a listener while the node runs, as in Kafka. */
  static final Set<String> DYNAMIC =
      Set.of(
          KEYSTORE_TYPE,
          KEYSTORE_LOCATION,
          KEYSTORE_PASSWORD,
          KEYSTORE_KEY,
          KEYSTORE_CHAIN,
          KEY_PASSWORD,
          TRUSTSTORE_TYPE,
          TRUSTSTORE_LOCATION,
          TRUSTSTORE_PASSWORD,
          TRUSTSTORE_CERTIFICATES);

  /** Every key a listener may have for itself. */
  static final Set<String> OF_LISTENERS =
      Set.of(
          KEYSTORE_TYPE,
          KEYSTORE_LOCATION,
          KEYSTORE_PASSWORD,
          KEYSTORE_KEY,
          KEYSTORE_CHAIN,
          KEY_PASSWORD,
          TRUSTSTORE_TYPE,
          TRUSTSTORE_LOCATION,
          TRUSTSTORE_PASSWORD,
          TRUSTSTORE_CERTIFICATES,
          CRL_LOCATION,
          CLIENT_AUTH,
          ENGINE,
          PROTOCOL,
          ENABLED_PROTOCOLS,
          CIPHER_SUITES,
          PRINCIPAL_MAPPING_RULES,
          ENDPOINT_IDENTIFICATION,
          ALLOW_DN_CHANGES,
          ALLOW_SAN_CHANGES);

  /** Those that name a file. */
  public static final Set<String> LOCATIONS = Set.of(KEYSTORE_LOCATION, TRUSTSTORE_LOCATION);

  private TlsKeys() {}

  static void define(ConfigDef definition) {
    SettingsSection section = new SettingsSection(definition, "Encryption");
    defineStores(section);
    defineHandshake(section);
  }

  private static void defineStores(SettingsSection section) {
    section
        .choice(
            KEYSTORE_TYPE,
            SslConfigs.DEFAULT_SSL_KEYSTORE_TYPE,
            "What the keystore is: PEM for text, as a file or in ssl.keystore.key and"
                + " ssl.keystore.certificate.chain.",
            "JKS",
            "PKCS12",
            "PEM")
        .text(
            KEYSTORE_LOCATION,
            null,
            "File with the private key and certificate chain of the node. Read again when it"
                + " changes.")
        .secret(KEYSTORE_PASSWORD, "Password of the keystore file; none for PEM.")
        .secret(KEYSTORE_KEY, "The private key itself, as PEM (PKCS#8).")
        .secret(KEYSTORE_CHAIN, "The certificate chain itself, as PEM, the node's own first.")
        .secret(KEY_PASSWORD, "Password of the private key in the keystore, or of the PEM key.")
        .choice(
            TRUSTSTORE_TYPE,
            SslConfigs.DEFAULT_SSL_TRUSTSTORE_TYPE,
            "What the truststore is: PEM for text, as a file or in ssl.truststore.certificates.",
            "JKS",
            "PKCS12",
            "PEM")
        .text(
            TRUSTSTORE_LOCATION,
            null,
            "File with the certificates of the authorities that are trusted. Read again when it"
                + " changes.")
        .secret(TRUSTSTORE_PASSWORD, "Password of the truststore file; none for PEM.")
        .secret(TRUSTSTORE_CERTIFICATES, "The trusted certificates themselves, as PEM.")
        .text(
            CRL_LOCATION,
            null,
            "File with certificate revocation lists, as PEM or DER, one of every authority whose"
                + " certificates clients show. Needs a truststore. Who shows a certificate that is"
                + " revoked, or that no current list speaks for, is refused. Read again when it"
                + " changes.")
        .number(
            RELOAD_INTERVAL_MS,
            2_000,
            100,
            "Milliseconds between two looks whether the files of keystores, truststores and"
                + " revocation lists have changed.");
  }

  private static void defineHandshake(SettingsSection section) {
    section
        .choice(
            CLIENT_AUTH,
            "none",
            "Whether clients must show a certificate (required), may (requested), or are not asked"
                + " (none). A SASL_SSL listener asks only where"
                + " listener.name.NAME.ssl.client.auth says so.",
            "required",
            "requested",
            "none")
        .choice(
            ENGINE,
            "auto",
            "What encrypts connections to this node: openssl (BoringSSL, on Linux) or jdk. auto is"
                + " openssl where it can be had and can do what the other settings ask for."
                + " Connections from this node are the JDK's.",
            "auto",
            "openssl",
            "jdk")
        .text(PROTOCOL, SslConfigs.DEFAULT_SSL_PROTOCOL, "The JDK's name of the TLS context.")
        .list(
            ENABLED_PROTOCOLS, SslConfigs.DEFAULT_SSL_ENABLED_PROTOCOLS, "Versions of TLS spoken.")
        .list(CIPHER_SUITES, "", "Cipher suites allowed; empty means the JDK's choice.")
        .text(
            PRINCIPAL_MAPPING_RULES,
            BrokerSecurityConfigs.DEFAULT_SSL_PRINCIPAL_MAPPING_RULES,
            "How a client's distinguished name becomes its user: rules of the form"
                + " RULE:pattern/replacement/[LU] or DEFAULT, the first that matches.")
        .text(
            ENDPOINT_IDENTIFICATION,
            SslConfigs.DEFAULT_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM,
            "Whether this node, as a client of others, wants their certificates to carry the host"
                + " it meant (https) or not (empty).")
        .flag(
            ALLOW_DN_CHANGES,
            false,
            "Whether a new certificate of a running node may have another distinguished name.")
        .flag(
            ALLOW_SAN_CHANGES,
            false,
            "Whether a new certificate of a running node may leave out alternative names.");
  }
}

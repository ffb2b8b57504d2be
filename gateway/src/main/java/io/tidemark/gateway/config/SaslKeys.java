package io.tidemark.gateway.config;

import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;

/**
 * Settings of authentication, for all listeners or, behind {@code listener.name.NAME.}, for one.
 */
public final class SaslKeys {
  public static final String ENABLED_MECHANISMS =
      BrokerSecurityConfigs.SASL_ENABLED_MECHANISMS_CONFIG;
  public static final String INTER_BROKER_MECHANISM =
      BrokerSecurityConfigs.SASL_MECHANISM_INTER_BROKER_PROTOCOL_CONFIG;
  public static final String CONTROLLER_MECHANISM = "sasl.mechanism.controller.protocol";
  public static final String JAAS_CONFIG = SaslConfigs.SASL_JAAS_CONFIG;
  public static final String CALLBACK_HANDLER =
      BrokerSecurityConfigs.SASL_SERVER_CALLBACK_HANDLER_CLASS_CONFIG;
  public static final String MAX_REAUTH_MS = BrokerSecurityConfigs.CONNECTIONS_MAX_REAUTH_MS_CONFIG;
  public static final String MAX_RECEIVE_SIZE =
      BrokerSecurityConfigs.SASL_SERVER_MAX_RECEIVE_SIZE_CONFIG;
  public static final String FAILURE_DELAY_MS = "connection.failed.authentication.delay.ms";
  public static final String AUTHENTICATION_TIMEOUT_MS = "tidemark.authentication.timeout.ms";
  public static final String BOOTSTRAP_USERS = "tidemark.bootstrap.users.file";

  public static final String JWKS_URL = SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL;
  public static final String JWKS_REFRESH_MS =
      SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_REFRESH_MS;
  public static final String EXPECTED_AUDIENCE = SaslConfigs.SASL_OAUTHBEARER_EXPECTED_AUDIENCE;
  public static final String EXPECTED_ISSUER = SaslConfigs.SASL_OAUTHBEARER_EXPECTED_ISSUER;
  public static final String ALLOW_UNVERIFIED_AUDIENCE =
      SaslConfigs.SASL_OAUTHBEARER_ALLOW_UNVERIFIED_AUDIENCE;
  public static final String ALLOW_UNVERIFIED_ISSUER =
      SaslConfigs.SASL_OAUTHBEARER_ALLOW_UNVERIFIED_ISSUER;
  public static final String CLOCK_SKEW_SECONDS = SaslConfigs.SASL_OAUTHBEARER_CLOCK_SKEW_SECONDS;
  public static final String TOKEN_URL = SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL;
  public static final String TOKEN_CLIENT_ID =
      SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID;
  public static final String TOKEN_CLIENT_SECRET =
      SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET;
  public static final String TOKEN_SCOPE = SaslConfigs.SASL_OAUTHBEARER_SCOPE;
  public static final String SUBJECT_CLAIM = SaslConfigs.SASL_OAUTHBEARER_SUB_CLAIM_NAME;

  /** The mechanisms that are built. */
  public static final Set<String> MECHANISMS =
      Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER");

  static final Set<String> OF_LISTENERS =
      Set.of(
          ENABLED_MECHANISMS,
          MAX_REAUTH_MS,
          MAX_RECEIVE_SIZE,
          JWKS_URL,
          JWKS_REFRESH_MS,
          EXPECTED_AUDIENCE,
          EXPECTED_ISSUER,
          ALLOW_UNVERIFIED_AUDIENCE,
          ALLOW_UNVERIFIED_ISSUER,
          CLOCK_SKEW_SECONDS,
          SUBJECT_CLAIM,
          TOKEN_URL,
          TOKEN_CLIENT_ID,
          TOKEN_CLIENT_SECRET,
          TOKEN_SCOPE);

  /** What a listener has for one of its mechanisms, as {@code plain.sasl.jaas.config}. */
  private static final Pattern OF_MECHANISM =
      Pattern.compile(
          "(plain|scram-sha-256|scram-sha-512|oauthbearer)\\.("
              + "sasl\\.jaas\\.config|sasl\\.server\\.callback\\.handler\\.class"
              + "|connections\\.max\\.reauth\\.ms)");

  private SaslKeys() {}

  /** The key behind a mechanism's name, or the key itself. */
  static String withoutMechanism(String key) {
    var matcher = OF_MECHANISM.matcher(key);
    return matcher.matches() ? matcher.group(2) : key;
  }

  static void define(ConfigDef definition) {
    SettingsSection section = new SettingsSection(definition, "Authentication");
    defineMechanisms(section);
    defineBetweenNodes(section);
    defineTokens(section);
  }

  private static void defineMechanisms(SettingsSection section) {
    section
        .list(
            ENABLED_MECHANISMS,
            "SCRAM-SHA-512,SCRAM-SHA-256",
            "SASL mechanisms of SASL_PLAINTEXT and SASL_SSL listeners: PLAIN, SCRAM-SHA-256,"
                + " SCRAM-SHA-512, OAUTHBEARER.")
        .secret(
            JAAS_CONFIG,
            "Only as listener.name.NAME.MECHANISM.sasl.jaas.config. PLAIN's users, each as"
                + " user_NAME=\"password\" of PlainLoginModule; SCRAM's are in the cluster's"
                + " metadata. Where nodes log in to each other by the listener: this node's own"
                + " username=\"…\" password=\"…\", of PlainLoginModule or ScramLoginModule.")
        .text(
            CALLBACK_HANDLER,
            null,
            "Accepted with the names of Kafka's own handlers, whose work is built in; no other"
                + " class is loaded.")
        .number(
            MAX_REAUTH_MS,
            0,
            0,
            "Milliseconds after which a client must authenticate again (KIP-368) or lose its"
                + " connection; 0 means never.")
        .integer(
            MAX_RECEIVE_SIZE,
            BrokerSecurityConfigs.DEFAULT_SASL_SERVER_MAX_RECEIVE_SIZE,
            1_024,
            "Largest request, in bytes, before a client has authenticated.")
        .integer(
            FAILURE_DELAY_MS,
            100,
            0,
            "Milliseconds until a failed authentication is answered and the connection closed.")
        .number(
            AUTHENTICATION_TIMEOUT_MS,
            30_000,
            100,
            "Milliseconds in which a client must have finished TLS and SASL after it connected.")
        .text(
            BOOTSTRAP_USERS,
            null,
            "A file with lines user=password. Users the cluster does not know yet are created with"
                + " SCRAM-SHA-256 and SCRAM-SHA-512 when the node starts; this is how the first"
                + " administrator comes to be.");
  }

  private static void defineBetweenNodes(SettingsSection section) {
    section
        .text(
            INTER_BROKER_MECHANISM,
            null,
            "How nodes log in to each other where their listener is SASL_PLAINTEXT or SASL_SSL:"
                + " PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.")
        .text(
            CONTROLLER_MECHANISM,
            null,
            "How nodes log in to controllers where their listener is SASL_SSL: PLAIN or"
                + " OAUTHBEARER. SCRAM's users are in the very metadata that is asked for there.");
  }

  private static void defineTokens(SettingsSection section) {
    section
        .text(
            JWKS_URL,
            null,
            "Where the keys that sign OAUTHBEARER tokens are found: an https, http or file URL of a"
                + " JSON Web Key Set.")
        .number(
            JWKS_REFRESH_MS,
            SaslConfigs.DEFAULT_SASL_OAUTHBEARER_JWKS_ENDPOINT_REFRESH_MS,
            1_000,
            "Milliseconds between two readings of the keys. A token with an unknown key starts one"
                + " at once, at most every ten seconds.")
        .list(EXPECTED_AUDIENCE, "", "Audiences of which a token must name one in its aud claim.")
        .text(EXPECTED_ISSUER, null, "The issuer a token must name in its iss claim.")
        .flag(
            ALLOW_UNVERIFIED_AUDIENCE,
            false,
            "Whether tokens for anybody are taken where no audience is expected. Insecure.")
        .flag(
            ALLOW_UNVERIFIED_ISSUER,
            false,
            "Whether tokens of any issuer are taken where none is expected. Insecure.")
        .integer(
            CLOCK_SKEW_SECONDS,
            SaslConfigs.DEFAULT_SASL_OAUTHBEARER_CLOCK_SKEW_SECONDS,
            0,
            "Seconds by which the clocks of issuers may differ from this node's.")
        .text(
            SUBJECT_CLAIM,
            SaslConfigs.DEFAULT_SASL_OAUTHBEARER_SUB_CLAIM_NAME,
            "The claim that holds the user.")
        .text(
            TOKEN_URL,
            null,
            "Where a node that logs in to others by OAUTHBEARER gets its tokens: an https or http"
                + " URL of an issuer, which is asked for the node's client credentials, or a file"
                + " URL of a token that somebody else keeps fresh.")
        .text(TOKEN_CLIENT_ID, null, "The client id by which a node asks for tokens.")
        .secret(TOKEN_CLIENT_SECRET, "The client secret by which a node asks for tokens.")
        .text(TOKEN_SCOPE, null, "The scope for which a node asks for tokens, if any.");
  }
}

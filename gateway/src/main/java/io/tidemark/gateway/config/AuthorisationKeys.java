package io.tidemark.gateway.config;

import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;

/** Settings of authorisation. */
public final class AuthorisationKeys {
  public static final String AUTHORIZER = "authorizer.class.name";
  public static final String SUPER_USERS = "super.users";
  public static final String ALLOW_EVERYONE = "allow.everyone.if.no.acl.found";

  public static final String NODE_PRINCIPAL = "tidemark.node.principal";

  /** Kafka's authoriser of ACLs in the metadata quorum, which is what this one is too. */
  public static final String STANDARD = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

  private static final Set<String> NAMES = Set.of("", STANDARD, "StandardAuthorizer");

  private AuthorisationKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Authorisation")
        .define(
            AUTHORIZER,
            ConfigDef.Type.STRING,
            "",
            SettingsSection.satisfying(
                value -> NAMES.contains(value.toString().strip()), "empty or " + STANDARD),
            "Empty: everybody may do everything. Kafka's name of its own authoriser turns on ACLs,"
                + " which the cluster keeps in its metadata.")
        .text(SUPER_USERS, "", "Users who may do everything, as User:NAME separated by semicolons.")
        .flag(ALLOW_EVERYONE, false, "Whether everybody may use a resource that no ACL speaks of.")
        .text(
            NODE_PRINCIPAL,
            "User:node-{id}",
            "Whom a node must be known as to speak for its id, on listeners that know whom they"
                + " serve, and in the certificates of voters: {id} stands for node.id. Empty means"
                + " that ids are not bound, and everybody who may act as a node may act as any.");
  }
}

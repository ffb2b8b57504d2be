package io.tidemark.gateway.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.internals.SecurityUtils;
import org.jspecify.annotations.Nullable;

/**
 * Whom nodes are known as: {@code tidemark.node.principal}, in which {@code {id}} stands for a
 * node's id. Where it is empty nothing is bound, and whoever may act as a node may act as any.
 * Immutable.
 */
public final class NodePrincipals {
  private static final String ID = "{id}";
  private static final NodePrincipals UNBOUND = new NodePrincipals("", "", null);

  private final String type;
  private final String template;
  private final @Nullable Pattern names;

  private NodePrincipals(String type, String template, @Nullable Pattern names) {
    this.type = type;
    this.template = template;
    this.names = names;
  }

  /** Throws {@link ConfigException} where the text is neither empty nor names an id once. */
  static NodePrincipals parse(String text) {
    if (text.isBlank()) {
      return UNBOUND;
    }
    int at = text.indexOf(ID);
    if (at < 0 || at != text.lastIndexOf(ID)) {
      throw new ConfigException(
          AuthorisationKeys.NODE_PRINCIPAL, text, "must hold {id} once, for the node's id");
    }
    KafkaPrincipal principal = principal(text);
    String name = principal.getName();
    int inName = name.indexOf(ID);
    if (inName < 0) {
      throw new ConfigException(
          AuthorisationKeys.NODE_PRINCIPAL, text, "must hold {id} behind User:");
    }
    return new NodePrincipals(
        principal.getPrincipalType(),
        name,
        Pattern.compile(
            Pattern.quote(name.substring(0, inName))
                + "(?:0|[1-9]\\d*)"
                + Pattern.quote(name.substring(inName + ID.length()))));
  }

  private static KafkaPrincipal principal(String text) {
    try {
      return SecurityUtils.parseKafkaPrincipal(text.strip());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          AuthorisationKeys.NODE_PRINCIPAL, text, "is not of the form User:NAME");
    }
  }

  /** Whether an id belongs to one principal alone. */
  public boolean areBound() {
    return names != null;
  }

  /** Whether somebody is this node, as far as ids are bound. */
  public boolean isNode(KafkaPrincipal principal, int nodeId) {
    return !areBound() || principal.toString().equals(of(nodeId));
  }

  /** Whether somebody is any node, as far as ids are bound. */
  public boolean isSomeNode(KafkaPrincipal principal) {
    return names == null
        || (principal.getPrincipalType().equals(type)
            && names.matcher(principal.getName()).matches());
  }

  /** Whom a node must be known as, for messages. */
  public String of(int nodeId) {
    return type + ":" + template.replace(ID, Integer.toString(nodeId));
  }
}

package io.tidemark.gateway.security.audit;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** One thing that the audit log tells. Names in it are as clients sent them. */
public sealed interface AuditEvent {

  Who who();

  /**
   * Whom it is about.
   *
   * @param clientId as the client calls itself; empty where it has not said
   */
  record Who(KafkaPrincipal principal, InetAddress host, String listener, String clientId) {}

  /**
   * Somebody authenticated, or did not.
   *
   * @param failure why not; empty for who came in
   */
  record Authentication(Who who, Optional<String> failure) implements AuditEvent {}

  /** What somebody wanted to do with what. */
  record Asked(AclOperation operation, ResourceType type, String name) {}

  /**
   * A request was refused, or a part of it.
   *
   * @param asked what was denied, as far as it is known
   */
  record Denial(Who who, ApiKeys api, Errors error, List<Asked> asked) implements AuditEvent {
    public Denial {
      asked = List.copyOf(asked);
    }
  }

  /**
   * Somebody changed something, or tried to.
   *
   * @param type of what was changed: topic, user, …
   * @param detail what was done to it; never a value that may be secret
   * @param error NONE where it was done
   */
  record Change(Who who, ApiKeys api, String type, String name, String detail, Errors error)
      implements AuditEvent {}
}

package io.tidemark.gateway.security.acl;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * What one principal may do from where it is connected, at the moment of asking. Safe from any
 * thread; never waits.
 */
public interface Access {

  /** Of anybody where nothing is forbidden. */
  Access UNLIMITED = unlimited(KafkaPrincipal.ANONYMOUS);

  KafkaPrincipal principal();

  /** Whether nothing need be asked: there are no rules, or they do not hold for this principal. */
  boolean isUnlimited();

  boolean may(AclOperation operation, ResourceType type, String name);

  /** Whether there is any resource of a type on which it may. */
  boolean mayOnAny(AclOperation operation, ResourceType type);

  default boolean mayOnCluster(AclOperation operation) {
    return may(operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
  }

  default boolean mayOnTopic(AclOperation operation, String topic) {
    return may(operation, ResourceType.TOPIC, topic);
  }

  default boolean mayOnGroup(AclOperation operation, String group) {
    return may(operation, ResourceType.GROUP, group);
  }

  /** Everything is allowed, whoever it is. */
  static Access unlimited(KafkaPrincipal principal) {
    return new Access() {
      @Override
      public KafkaPrincipal principal() {
        return principal;
      }

      @Override
      public boolean isUnlimited() {
        return true;
      }

      @Override
      public boolean may(AclOperation operation, ResourceType type, String name) {
        return true;
      }

      @Override
      public boolean mayOnAny(AclOperation operation, ResourceType type) {
        return true;
      }
    };
  }
}

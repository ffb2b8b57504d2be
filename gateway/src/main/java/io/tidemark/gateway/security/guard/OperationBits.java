package io.tidemark.gateway.security.guard;

import io.tidemark.gateway.security.acl.Access;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** What somebody may do with a resource, as the bit fields of responses carry it. */
final class OperationBits {
  private OperationBits() {}

  /** Those of the bits that are allowed. */
  static int allowed(Access access, int bits, ResourceType type, String name) {
    int allowed = 0;
    for (AclOperation operation : AclOperation.values()) {
      int bit = 1 << operation.code();
      if ((bits & bit) != 0
          && operation != AclOperation.UNKNOWN
          && access.may(operation, type, name)) {
        allowed |= bit;
      }
    }
    return allowed;
  }
}

package io.tidemark.metadata.event;

import com.google.protobuf.ByteString;
import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import io.tidemark.metadata.proto.AclMessage;
import io.tidemark.metadata.proto.ScramCredentialMessage;
import io.tidemark.metadata.proto.ScramUserMessage;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Rules and credentials as protobuf, both ways; Kafka's numbers stand for its names. */
final class SecurityMessages {
  private SecurityMessages() {}

  static AclMessage acl(AclBinding acl) {
    return AclMessage.newBuilder()
        .setResourceType(acl.pattern().resourceType().code())
        .setResourceName(acl.pattern().name())
        .setPatternType(acl.pattern().patternType().code())
        .setPrincipal(acl.entry().principal())
        .setHost(acl.entry().host())
        .setOperation(acl.entry().operation().code())
        .setPermission(acl.entry().permissionType().code())
        .build();
  }

  /** Throws {@link IllegalArgumentException} for a number that is none of Kafka's. */
  static AclBinding acl(AclMessage message) {
    AclBinding acl =
        new AclBinding(
            new ResourcePattern(
                ResourceType.fromCode((byte) message.getResourceType()),
                message.getResourceName(),
                PatternType.fromCode((byte) message.getPatternType())),
            new AccessControlEntry(
                message.getPrincipal(),
                message.getHost(),
                AclOperation.fromCode((byte) message.getOperation()),
                AclPermissionType.fromCode((byte) message.getPermission())));
    if (acl.isUnknown()) {
      throw new IllegalArgumentException("an ACL about something unknown");
    }
    return acl;
  }

  static ScramUserMessage user(ScramUser user) {
    return ScramUserMessage.newBuilder()
        .setName(user.name())
        .setMechanism(user.mechanism())
        .build();
  }

  static ScramUser user(ScramUserMessage message) {
    return new ScramUser(message.getName(), (byte) message.getMechanism());
  }

  static ScramCredentialMessage credential(ScramUser user, ScramSecret secret) {
    return ScramCredentialMessage.newBuilder()
        .setUser(user(user))
        .setSalt(ByteString.copyFrom(secret.salt()))
        .setStoredKey(ByteString.copyFrom(secret.storedKey()))
        .setServerKey(ByteString.copyFrom(secret.serverKey()))
        .setIterations(secret.iterations())
        .build();
  }

  static ScramSecret secret(ScramCredentialMessage message) {
    return new ScramSecret(
        message.getSalt().toByteArray(),
        message.getStoredKey().toByteArray(),
        message.getServerKey().toByteArray(),
        message.getIterations());
  }
}

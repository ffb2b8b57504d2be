package io.tidemark.metadata.event;

import com.google.protobuf.ByteString;
import io.tidemark.metadata.image.DelegationToken;
import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import io.tidemark.metadata.proto.AclMessage;
import io.tidemark.metadata.proto.DelegationTokenMessage;
import io.tidemark.metadata.proto.PrincipalMessage;
import io.tidemark.metadata.proto.ScramCredentialMessage;
import io.tidemark.metadata.proto.ScramUserMessage;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** Rules, credentials and tokens as protobuf, both ways; Kafka's numbers stand for its names. */
public final class SecurityMessages {
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

  public static DelegationTokenMessage token(DelegationToken token) {
    DelegationTokenMessage.Builder message =
        DelegationTokenMessage.newBuilder()
            .setId(token.id())
            .setOwner(principal(token.owner()))
            .setRequester(principal(token.requester()))
            .setIssuedMs(token.issuedMs())
            .setMaxMs(token.maxMs())
            .setExpiresMs(token.expiresMs());
    token.renewers().forEach(renewer -> message.addRenewers(principal(renewer)));
    return message.build();
  }

  public static DelegationToken token(DelegationTokenMessage message) {
    return new DelegationToken(
        message.getId(),
        principal(message.getOwner()),
        principal(message.getRequester()),
        message.getRenewersList().stream().map(SecurityMessages::principal).toList(),
        message.getIssuedMs(),
        message.getMaxMs(),
        message.getExpiresMs());
  }

  public static PrincipalMessage principal(KafkaPrincipal principal) {
    return PrincipalMessage.newBuilder()
        .setType(principal.getPrincipalType())
        .setName(principal.getName())
        .build();
  }

  public static KafkaPrincipal principal(PrincipalMessage message) {
    return new KafkaPrincipal(message.getType(), message.getName());
  }

  static ScramSecret secret(ScramCredentialMessage message) {
    return new ScramSecret(
        message.getSalt().toByteArray(),
        message.getStoredKey().toByteArray(),
        message.getServerKey().toByteArray(),
        message.getIterations());
  }
}

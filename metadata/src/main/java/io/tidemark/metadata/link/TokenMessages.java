package io.tidemark.metadata.link;

import io.tidemark.metadata.controller.TokenChange;
import io.tidemark.metadata.controller.TokenChangeResult;
import io.tidemark.metadata.event.SecurityMessages;
import io.tidemark.metadata.proto.ChangeTokenMessage;
import io.tidemark.metadata.proto.CreateTokenMessage;
import io.tidemark.metadata.proto.KeepTokenMessage;
import io.tidemark.metadata.proto.TokenChangedMessage;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** Changes of delegation tokens as protobuf and back. */
final class TokenMessages {
  private TokenMessages() {}

  static ChangeTokenMessage.Builder of(TokenChange change) {
    ChangeTokenMessage.Builder message =
        ChangeTokenMessage.newBuilder()
            .setRequester(SecurityMessages.principal(change.requester()));
    return switch (change) {
      case TokenChange.Create c -> message.setCreate(creation(c));
      case TokenChange.Renew c ->
          message.setRenew(KeepTokenMessage.newBuilder().setTokenId(c.tokenId()).setMs(c.lifeMs()));
      case TokenChange.Expire c ->
          message.setExpire(KeepTokenMessage.newBuilder().setTokenId(c.tokenId()).setMs(c.inMs()));
    };
  }

  private static CreateTokenMessage.Builder creation(TokenChange.Create create) {
    CreateTokenMessage.Builder message =
        CreateTokenMessage.newBuilder()
            .setOwner(SecurityMessages.principal(create.owner()))
            .setMaxLifeMs(create.maxLifeMs())
            .setLifeMs(create.lifeMs());
    create.renewers().forEach(renewer -> message.addRenewers(SecurityMessages.principal(renewer)));
    return message;
  }

  static TokenChange read(ChangeTokenMessage message) {
    KafkaPrincipal requester = SecurityMessages.principal(message.getRequester());
    return switch (message.getChangeCase()) {
      case CREATE -> {
        CreateTokenMessage m = message.getCreate();
        yield new TokenChange.Create(
            requester,
            SecurityMessages.principal(m.getOwner()),
            m.getRenewersList().stream().map(SecurityMessages::principal).toList(),
            m.getMaxLifeMs(),
            m.getLifeMs());
      }
      case RENEW ->
          new TokenChange.Renew(
              requester, message.getRenew().getTokenId(), message.getRenew().getMs());
      case EXPIRE ->
          new TokenChange.Expire(
              requester, message.getExpire().getTokenId(), message.getExpire().getMs());
      case CHANGE_NOT_SET ->
          throw new UnsupportedVersionException("A change of a token that this release lacks");
    };
  }

  static TokenChangedMessage.Builder of(TokenChangeResult result) {
    TokenChangedMessage.Builder message =
        TokenChangedMessage.newBuilder().setErrorCode(result.error().code());
    if (result.token() != null) {
      message.setToken(SecurityMessages.token(result.token()));
    }
    return message;
  }

  static TokenChangeResult read(TokenChangedMessage message) {
    return new TokenChangeResult(
        Errors.forCode((short) message.getErrorCode()),
        message.hasToken() ? SecurityMessages.token(message.getToken()) : null);
  }
}

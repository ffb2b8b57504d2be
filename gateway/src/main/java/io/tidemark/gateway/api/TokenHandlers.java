package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.auth.TokenSecrets;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.TokenChange;
import io.tidemark.metadata.controller.TokenChangeResult;
import io.tidemark.metadata.image.DelegationToken;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData.CreatableRenewers;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData.DescribedDelegationToken;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData.DescribedDelegationTokenRenewer;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * CreateDelegationToken, RenewDelegationToken, ExpireDelegationToken and DescribeDelegationToken
 * (KIP-48, KIP-373). Who may ask is decided here, since it depends on the token. Nobody who came
 * without authentication, or with a token, may ask for anything.
 */
public final class TokenHandlers {
  /** KIP-373: before, whoever asked was the owner. */
  private static final short OLDEST_WITH_REQUESTER = 3;

  private final ClusterView cluster;
  private final Controller controller;
  private final TokenSecrets secrets;
  private final Function<String, SecurityProtocol> protocols;
  private final long maxLifeMs;
  private final long lifeMs;

  /**
   * @param protocols what a listener speaks
   * @param maxLifeMs for how long a token can be prolonged
   * @param lifeMs for how long it is good each time
   */
  public TokenHandlers(
      ClusterView cluster,
      Controller controller,
      TokenSecrets secrets,
      Function<String, SecurityProtocol> protocols,
      long maxLifeMs,
      long lifeMs) {
    this.cluster = cluster;
    this.controller = controller;
    this.secrets = secrets;
    this.protocols = protocols;
    this.maxLifeMs = maxLifeMs;
    this.lifeMs = lifeMs;
  }

  /** Why nobody on this connection may ask, whoever it is; NONE where somebody may. */
  private Errors refusal(Request request) {
    KafkaPrincipal principal = request.principal();
    boolean isKnown =
        switch (protocols.apply(request.listenerName())) {
          case PLAINTEXT -> false;
          case SSL -> !principal.equals(KafkaPrincipal.ANONYMOUS);
          case SASL_PLAINTEXT, SASL_SSL -> true;
        };
    if (!isKnown || principal.tokenAuthenticated()) {
      return Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
    }
    return secrets.isOn() ? Errors.NONE : Errors.DELEGATION_TOKEN_AUTH_DISABLED;
  }

  public void create(Request request, Responder responder) {
    CreateDelegationTokenRequestData asked =
        (CreateDelegationTokenRequestData) request.body().data();
    KafkaPrincipal requester = request.principal();
    KafkaPrincipal owner = owner(asked, requester);
    Errors refusal = refusal(request);
    if (refusal == Errors.NONE) {
      refusal = refusal(request, asked, owner);
    }
    if (refusal != Errors.NONE) {
      responder.respond(created(refusal, requester, owner, request.apiVersion()));
      return;
    }
    List<KafkaPrincipal> renewers =
        asked.renewers().stream()
            .map(renewer -> new KafkaPrincipal(renewer.principalType(), renewer.principalName()))
            .toList();
    long wishedMs = asked.maxLifetimeMs() > 0 ? asked.maxLifetimeMs() : maxLifeMs;
    CompletableFuture<CreateDelegationTokenResponseData> answer =
        controller
            .changeToken(
                new TokenChange.Create(
                    requester, owner, renewers, Math.min(wishedMs, maxLifeMs), lifeMs))
            .thenApply(result -> created(result, requester, owner, request.apiVersion()));
    Answers.when(answer, request, responder);
  }

  private static KafkaPrincipal owner(
      CreateDelegationTokenRequestData asked, KafkaPrincipal requester) {
    String name = asked.ownerPrincipalName();
    return name == null || name.isEmpty()
        ? requester
        : new KafkaPrincipal(String.valueOf(asked.ownerPrincipalType()), name);
  }

  private static Errors refusal(
      Request request, CreateDelegationTokenRequestData asked, KafkaPrincipal owner) {
    boolean areUsers =
        isUser(owner.getPrincipalType())
            && asked.renewers().stream()
                .map(CreatableRenewers::principalType)
                .allMatch(TokenHandlers::isUser);
    if (!areUsers) {
      return Errors.INVALID_PRINCIPAL_TYPE;
    }
    boolean mayForOther =
        owner.equals(request.principal())
            || request
                .access()
                .may(AclOperation.CREATE_TOKENS, ResourceType.USER, owner.toString());
    return mayForOther ? Errors.NONE : Errors.DELEGATION_TOKEN_AUTHORIZATION_FAILED;
  }

  private static boolean isUser(String type) {
    return type.equals(KafkaPrincipal.USER_TYPE);
  }

  private CreateDelegationTokenResponseData created(
      TokenChangeResult result, KafkaPrincipal requester, KafkaPrincipal owner, short version) {
    DelegationToken token = result.token();
    CreateDelegationTokenResponseData response = created(result.error(), requester, owner, version);
    return token == null
        ? response
        : response
            .setIssueTimestampMs(token.issuedMs())
            .setExpiryTimestampMs(token.expiresMs())
            .setMaxTimestampMs(token.maxMs())
            .setTokenId(token.id())
            .setHmac(secrets.hmac(token.id()));
  }

  private static CreateDelegationTokenResponseData created(
      Errors error, KafkaPrincipal requester, KafkaPrincipal owner, short version) {
    CreateDelegationTokenResponseData response =
        new CreateDelegationTokenResponseData()
            .setErrorCode(error.code())
            .setPrincipalType(owner.getPrincipalType())
            .setPrincipalName(owner.getName())
            .setIssueTimestampMs(-1)
            .setExpiryTimestampMs(-1)
            .setMaxTimestampMs(-1);
    return version < OLDEST_WITH_REQUESTER
        ? response
        : response
            .setTokenRequesterPrincipalType(requester.getPrincipalType())
            .setTokenRequesterPrincipalName(requester.getName());
  }

  public void renew(Request request, Responder responder) {
    RenewDelegationTokenRequestData asked = (RenewDelegationTokenRequestData) request.body().data();
    long wishedMs = asked.renewPeriodMs() > 0 ? Math.min(asked.renewPeriodMs(), lifeMs) : lifeMs;
    CompletableFuture<RenewDelegationTokenResponseData> answer =
        change(
                request,
                asked.hmac(),
                id -> new TokenChange.Renew(request.principal(), id, wishedMs))
            .thenApply(result ->
                new RenewDelegationTokenResponseData()
                    .setErrorCode(result.error().code())
                    .setExpiryTimestampMs(expiry(result)));
    Answers.when(answer, request, responder);
  }

  public void expire(Request request, Responder responder) {
    ExpireDelegationTokenRequestData asked =
        (ExpireDelegationTokenRequestData) request.body().data();
    CompletableFuture<ExpireDelegationTokenResponseData> answer =
        change(
                request,
                asked.hmac(),
                id -> new TokenChange.Expire(request.principal(), id, asked.expiryTimePeriodMs()))
            .thenApply(result ->
                new ExpireDelegationTokenResponseData()
                    .setErrorCode(result.error().code())
                    .setExpiryTimestampMs(expiry(result)));
    Answers.when(answer, request, responder);
  }

  private static long expiry(TokenChangeResult result) {
    DelegationToken token = result.token();
    return token == null ? -1 : token.expiresMs();
  }

  private CompletableFuture<TokenChangeResult> change(
      Request request, byte[] hmac, Function<String, TokenChange> wish) {
    Errors refusal = refusal(request);
    Optional<DelegationToken> token =
        refusal == Errors.NONE ? secrets.find(hmac, tokens()) : Optional.empty();
    return token
        .map(found -> controller.changeToken(wish.apply(found.id())))
        .orElseGet(() ->
            CompletableFuture.completedFuture(
                new TokenChangeResult(
                    refusal == Errors.NONE ? Errors.DELEGATION_TOKEN_NOT_FOUND : refusal, null)));
  }

  private Collection<DelegationToken> tokens() {
    return cluster.image().security().tokens().values();
  }

  /** Those of its own, and those that rules let it see. */
  public void describe(Request request, Responder responder) {
    DescribeDelegationTokenRequestData asked =
        (DescribeDelegationTokenRequestData) request.body().data();
    DescribeDelegationTokenResponseData response = new DescribeDelegationTokenResponseData();
    Errors refusal = refusal(request);
    if (refusal == Errors.NONE) {
      response.setTokens(
          tokens().stream()
              .filter(token -> isAskedFor(token, asked) && maySee(request, token))
              .map(token -> described(token, request.apiVersion()))
              .toList());
    }
    responder.respond(response.setErrorCode(refusal.code()));
  }

  private static boolean isAskedFor(
      DelegationToken token, DescribeDelegationTokenRequestData asked) {
    return asked.owners() == null
        || asked.owners().stream()
            .anyMatch(owner ->
                owner.principalType().equals(token.owner().getPrincipalType())
                    && owner.principalName().equals(token.owner().getName()));
  }

  private static boolean maySee(Request request, DelegationToken token) {
    return token.isOf(request.principal())
        || request.access().may(AclOperation.DESCRIBE, ResourceType.DELEGATION_TOKEN, token.id())
        || request
            .access()
            .may(AclOperation.DESCRIBE_TOKENS, ResourceType.USER, token.owner().toString());
  }

  private DescribedDelegationToken described(DelegationToken token, short version) {
    DescribedDelegationToken described = described(token);
    return version < OLDEST_WITH_REQUESTER
        ? described
        : described
            .setTokenRequesterPrincipalType(token.requester().getPrincipalType())
            .setTokenRequesterPrincipalName(token.requester().getName());
  }

  private DescribedDelegationToken described(DelegationToken token) {
    return new DescribedDelegationToken()
        .setPrincipalType(token.owner().getPrincipalType())
        .setPrincipalName(token.owner().getName())
        .setIssueTimestamp(token.issuedMs())
        .setExpiryTimestamp(token.expiresMs())
        .setMaxTimestamp(token.maxMs())
        .setTokenId(token.id())
        .setHmac(secrets.hmac(token.id()))
        .setRenewers(
            token.renewers().stream()
                .map(renewer ->
                    new DescribedDelegationTokenRenewer()
                        .setPrincipalType(renewer.getPrincipalType())
                        .setPrincipalName(renewer.getName()))
                .collect(Collectors.toList()));
  }
}

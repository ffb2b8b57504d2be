package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.DelegationToken;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** Makes delegation tokens, prolongs and ends them. Whether somebody may ask was seen before. */
final class TokenControl {
  static final int MAX_TOKENS = 10_000;
  private static final int MAX_RENEWERS = 100;
  private static final int MAX_NAME_LENGTH = 1_024;

  private final RandomGenerator random;

  TokenControl(RandomGenerator random) {
    this.random = random;
  }

  Function<ClusterImage, TokenChangeResult> change(Draft draft, TokenChange change, long nowMs) {
    TokenChangeResult result =
        switch (change) {
          case TokenChange.Create create -> create(draft, create, nowMs);
          case TokenChange.Renew renew -> renew(draft, renew, nowMs);
          case TokenChange.Expire expire -> expire(draft, expire, nowMs);
        };
    return _ -> result;
  }

  private TokenChangeResult create(Draft draft, TokenChange.Create wish, long nowMs) {
    if (!isBounded(wish)) {
      return TokenChangeResult.failed(Errors.INVALID_REQUEST);
    }
    if (draft.image().security().tokens().size() >= MAX_TOKENS) {
      return TokenChangeResult.failed(Errors.POLICY_VIOLATION);
    }
    long maxMs = later(nowMs, wish.maxLifeMs());
    DelegationToken token =
        new DelegationToken(
            TopicIds.random(random).toString(),
            wish.owner(),
            wish.requester(),
            wish.renewers(),
            nowMs,
            maxMs,
            Math.min(maxMs, later(nowMs, wish.lifeMs())));
    draft.add(new Event.DelegationTokenSet(token));
    return TokenChangeResult.of(token);
  }

  private static boolean isBounded(TokenChange.Create wish) {
    return wish.renewers().size() <= MAX_RENEWERS
        && isShort(wish.owner())
        && wish.renewers().stream().allMatch(TokenControl::isShort);
  }

  private static boolean isShort(KafkaPrincipal principal) {
    return !principal.getName().isEmpty() && principal.getName().length() <= MAX_NAME_LENGTH;
  }

  private static TokenChangeResult renew(Draft draft, TokenChange.Renew wish, long nowMs) {
    DelegationToken token = draft.image().security().tokens().get(wish.tokenId());
    if (token == null) {
      return TokenChangeResult.failed(Errors.DELEGATION_TOKEN_NOT_FOUND);
    }
    if (token.isExpired(nowMs)) {
      return TokenChangeResult.failed(Errors.DELEGATION_TOKEN_EXPIRED);
    }
    if (!token.isOf(wish.requester())) {
      return TokenChangeResult.failed(Errors.DELEGATION_TOKEN_OWNER_MISMATCH);
    }
    return keep(draft, token, later(nowMs, wish.lifeMs()));
  }

  private static TokenChangeResult expire(Draft draft, TokenChange.Expire wish, long nowMs) {
    DelegationToken token = draft.image().security().tokens().get(wish.tokenId());
    if (token == null) {
      return TokenChangeResult.failed(Errors.DELEGATION_TOKEN_NOT_FOUND);
    }
    if (!token.isOf(wish.requester())) {
      return TokenChangeResult.failed(Errors.DELEGATION_TOKEN_OWNER_MISMATCH);
    }
    if (wish.inMs() < 0) {
      draft.add(new Event.DelegationTokenRemoved(token.id()));
      return TokenChangeResult.of(token.until(nowMs));
    }
    if (token.isExpired(nowMs)) {
      return TokenChangeResult.failed(Errors.DELEGATION_TOKEN_EXPIRED);
    }
    return keep(draft, token, later(nowMs, wish.inMs()));
  }

  private static TokenChangeResult keep(Draft draft, DelegationToken token, long untilMs) {
    DelegationToken next = token.until(Math.min(token.maxMs(), untilMs));
    if (!next.equals(token)) {
      draft.add(new Event.DelegationTokenSet(next));
    }
    return TokenChangeResult.of(next);
  }

  private static long later(long nowMs, long lifeMs) {
    return lifeMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + lifeMs;
  }

  /** Takes away what is over; the answer is how many tokens that were. */
  static Function<ClusterImage, Integer> removeExpired(Draft draft, long nowMs) {
    List<String> over =
        draft.image().security().tokens().values().stream()
            .filter(token -> token.isExpired(nowMs))
            .map(DelegationToken::id)
            .toList();
    over.forEach(id -> draft.add(new Event.DelegationTokenRemoved(id)));
    return _ -> over.size();
  }

  /** Nobody is somebody any more who has lost the last password. */
  static void removeOf(Draft draft, String user) {
    KafkaPrincipal owner = new KafkaPrincipal(KafkaPrincipal.USER_TYPE, user);
    draft.image().security().tokens().values().stream()
        .filter(token -> token.owner().equals(owner))
        .map(DelegationToken::id)
        .toList()
        .forEach(id -> draft.add(new Event.DelegationTokenRemoved(id)));
  }
}

package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.DelegationToken;
import io.tidemark.scenario.Scenario;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** Delegation tokens as the controller decides on them. */
class TokensTest {
  private static final KafkaPrincipal ALICE = user("alice");
  private static final KafkaPrincipal BOB = user("bob");
  private static final KafkaPrincipal EVE = user("eve");

  private final ControlledCluster cluster = new ControlledCluster(1);

  private static KafkaPrincipal user(String name) {
    return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, name);
  }

  private TokenChangeResult change(TokenChange change) {
    return cluster.done(cluster.controller.changeToken(change));
  }

  private DelegationToken create(long maxLifeMs, long lifeMs) {
    TokenChangeResult result =
        change(new TokenChange.Create(ALICE, ALICE, List.of(BOB), maxLifeMs, lifeMs));
    assertThat(result.error()).isEqualTo(Errors.NONE);
    return Objects.requireNonNull(result.token());
  }

  private Errors renew(KafkaPrincipal by, DelegationToken token, long lifeMs) {
    return change(new TokenChange.Renew(by, token.id(), lifeMs)).error();
  }

  private Errors expire(KafkaPrincipal by, DelegationToken token, long inMs) {
    return change(new TokenChange.Expire(by, token.id(), inMs)).error();
  }

  private DelegationToken known(DelegationToken token) {
    return Objects.requireNonNull(cluster.image().security().tokens().get(token.id()));
  }

  @Test
  void aTokenIsGoodForItsFirstTimeAndNoLongerThanItsWhole() {
    long nowMs = cluster.time.milliseconds();
    DelegationToken token = create(1_000, 100);
    assertThat(token.issuedMs()).isEqualTo(nowMs);
    assertThat(token.expiresMs()).isEqualTo(nowMs + 100);
    assertThat(token.maxMs()).isEqualTo(nowMs + 1_000);
    assertThat(create(50, 100).expiresMs()).isEqualTo(nowMs + 50);
    assertThat(create(Long.MAX_VALUE, Long.MAX_VALUE).maxMs()).isEqualTo(Long.MAX_VALUE);
    assertThat(known(token)).isEqualTo(token);
  }

  @Test
  void ownersAndRenewersProlongATokenUpToItsEnd() {
    long nowMs = cluster.time.milliseconds();
    DelegationToken token = create(1_000, 100);
    assertThat(renew(ALICE, token, 200)).isEqualTo(Errors.NONE);
    assertThat(known(token).expiresMs()).isEqualTo(nowMs + 200);
    assertThat(renew(BOB, token, 5_000)).isEqualTo(Errors.NONE);
    assertThat(known(token).expiresMs()).isEqualTo(nowMs + 1_000);
    assertThat(renew(EVE, token, 1)).isEqualTo(Errors.DELEGATION_TOKEN_OWNER_MISMATCH);
    assertThat(change(new TokenChange.Renew(ALICE, "no-such", 1)).error())
        .isEqualTo(Errors.DELEGATION_TOKEN_NOT_FOUND);
  }

  @Test
  void whatIsOverIsNotProlongedAndGoesAtTheNextLook() {
    DelegationToken token = create(1_000, 100);
    DelegationToken longer = create(10_000, 10_000);
    cluster.time.sleep(101);
    assertThat(renew(ALICE, token, 100)).isEqualTo(Errors.DELEGATION_TOKEN_EXPIRED);
    assertThat(expire(ALICE, token, 100)).isEqualTo(Errors.DELEGATION_TOKEN_EXPIRED);
    cluster.controller.removeExpiredTokens();
    assertThat(expire(EVE, token, -1)).isEqualTo(Errors.DELEGATION_TOKEN_NOT_FOUND);
    assertThat(cluster.image().security().tokens()).containsOnlyKeys(longer.id());
  }

  @Test
  void aTokenEndsAtOnceOrInAWhile() {
    long nowMs = cluster.time.milliseconds();
    DelegationToken token = create(1_000, 500);
    assertThat(expire(EVE, token, -1)).isEqualTo(Errors.DELEGATION_TOKEN_OWNER_MISMATCH);
    assertThat(expire(BOB, token, 50)).isEqualTo(Errors.NONE);
    assertThat(known(token).expiresMs()).isEqualTo(nowMs + 50);
    assertThat(expire(ALICE, token, -1)).isEqualTo(Errors.NONE);
    assertThat(cluster.image().security().tokens()).isEmpty();
  }

  @Test
  void tokensAndTheirRenewersHaveLimits() {
    List<KafkaPrincipal> many = Collections.nCopies(101, BOB);
    assertThat(change(new TokenChange.Create(ALICE, ALICE, many, 1, 1)).error())
        .isEqualTo(Errors.INVALID_REQUEST);
    KafkaPrincipal tooLong = user("x".repeat(1_025));
    assertThat(change(new TokenChange.Create(ALICE, tooLong, List.of(), 1, 1)).error())
        .isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  @Scenario("S-188")
  void withTheLastCredentialOfAUserItsTokensGo() {
    setPassword("alice", 1);
    setPassword("alice", 2);
    DelegationToken token = create(1_000, 1_000);
    TokenChangeResult ofBob = change(new TokenChange.Create(ALICE, BOB, List.of(), 1_000, 1_000));
    removePassword("alice", 1);
    assertThat(known(token)).isEqualTo(token);
    removePassword("alice", 2);
    assertThat(cluster.image().security().tokens())
        .containsOnlyKeys(Objects.requireNonNull(ofBob.token()).id());
  }

  private void setPassword(String user, int mechanism) {
    cluster.done(
        cluster.controller.alterScramCredentials(
            new AlterUserScramCredentialsRequestData()
                .setUpsertions(
                    List.of(
                        new ScramCredentialUpsertion()
                            .setName(user)
                            .setMechanism((byte) mechanism)
                            .setIterations(4_096)
                            .setSalt(new byte[] {1})
                            .setSaltedPassword(new byte[] {2})))));
  }

  private void removePassword(String user, int mechanism) {
    cluster.done(
        cluster.controller.alterScramCredentials(
            new AlterUserScramCredentialsRequestData()
                .setDeletions(
                    List.of(
                        new ScramCredentialDeletion()
                            .setName(user)
                            .setMechanism((byte) mechanism)))));
  }
}

package io.tidemark.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.net.AddressQuotas;
import io.tidemark.gateway.net.ManualTime;
import io.tidemark.gateway.net.Throttle;
import io.tidemark.log.record.WireRecords;
import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaEntity.Part;
import io.tidemark.metadata.image.QuotaKey;
import io.tidemark.metadata.image.QuotasImage;
import io.tidemark.metadata.link.ControllerCall.TakeMutations;
import io.tidemark.metadata.link.ControllerReply.MutationsTaken;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** What clients are charged, and how long they wait for it. */
class ClientQuotasTest {
  private static final QuotaEntity ANN = QuotaEntity.of(Part.USER, Optional.of("ann"));
  private static final QuotaEntity ANYBODY = QuotaEntity.of(Part.USER, Optional.empty());
  private static final QuotaEntity ANY_CLIENT = QuotaEntity.of(Part.CLIENT_ID, Optional.empty());

  private final ManualTime time = new ManualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final QuotaWindows windows = QuotaWindows.ofSeconds(11, 1, time.nanoseconds());
  private final ClientQuotas quotas = new ClientQuotas(windows, windows, time, meters);

  private void limit(QuotaEntity entity, QuotaKey key, double value) {
    quotas.update(quotas.rules().image().with(entity, Map.of(key.key(), value)));
  }

  private int produce(Throttle throttle, String user, String clientId, int bytes) {
    return throttle.charge(
        new ClientRequest(ApiKeys.PRODUCE, user, clientId, bytes), new ProduceResponseData(), 0);
  }

  @Test
  void nothingIsCountedWhileThereIsNoQuotaOfClients() {
    assertThat(quotas.throttle().isOn()).isFalse();
    limit(QuotaEntity.of(Part.IP, Optional.empty()), QuotaKey.CONNECTION_CREATION_RATE, 5);
    assertThat(quotas.throttle().isOn()).isFalse();
    limit(ANN, QuotaKey.PRODUCER_BYTE_RATE, 5);
    assertThat(quotas.throttle().isOn()).isTrue();
    quotas.update(QuotasImage.EMPTY);
    assertThat(quotas.throttle().isOn()).isFalse();
  }

  @Test
  void whoProducesTooMuchIsToldForHowLongItIsNotHeard() {
    limit(ANN, QuotaKey.PRODUCER_BYTE_RATE, 100);
    ProduceResponseData answer = new ProduceResponseData();

    int muteMs =
        quotas
            .throttle()
            .charge(new ClientRequest(ApiKeys.PRODUCE, "ann", "app", 1_500), answer, 0);

    assertThat(muteMs).isEqualTo(5_000);
    assertThat(answer.throttleTimeMs()).isEqualTo(5_000);
    assertThat(meters.get("tidemark.quota.throttle").tag("quota", "produce").timer().count())
        .isEqualTo(1);
  }

  @Test
  void aProduceWithoutAnAnswerIsCountedToo() {
    limit(ANN, QuotaKey.PRODUCER_BYTE_RATE, 100);
    assertThat(
            quotas
                .throttle()
                .charge(new ClientRequest(ApiKeys.PRODUCE, "ann", "app", 1_100), null, 0))
        .isEqualTo(1_000);
  }

  @Test
  @Scenario("S-191")
  void neitherMoreConnectionsNorMoreClientIdsGiveAUserMore() {
    limit(ANN, QuotaKey.PRODUCER_BYTE_RATE, 100);
    limit(ANY_CLIENT, QuotaKey.PRODUCER_BYTE_RATE, 1_000_000);
    int muteMs = 0;
    for (int i = 0; i < 20; i++) {
      muteMs = produce(quotas.throttle(), "ann", "client " + i, 100);
    }
    assertThat(muteMs).isEqualTo(10_000);
    assertThat(produce(quotas.throttle(), "bob", "client", 1_500)).isZero();
  }

  @Test
  void everybodyHasTheDefaultForHimself() {
    limit(ANYBODY, QuotaKey.PRODUCER_BYTE_RATE, 100);
    Throttle throttle = quotas.throttle();
    assertThat(produce(throttle, "ann", "a", 1_000)).isZero();
    assertThat(produce(throttle, "bob", "a", 1_000)).isZero();
    assertThat(produce(throttle, "ann", "a", 100)).isEqualTo(1_000);
  }

  @Test
  void anotherQuotaHoldsForTheNextRequest() {
    limit(ANN, QuotaKey.PRODUCER_BYTE_RATE, 100);
    Throttle throttle = quotas.throttle();
    assertThat(produce(throttle, "ann", "a", 1_500)).isPositive();
    limit(ANN, QuotaKey.PRODUCER_BYTE_RATE, 1_000);
    assertThat(produce(throttle, "ann", "a", 100)).isZero();
  }

  private static FetchResponseData fetched(int bytes) {
    PartitionData data = new PartitionData().setRecords(WireRecords.of(ByteBuffer.allocate(bytes)));
    return new FetchResponseData()
        .setResponses(List.of(new FetchableTopicResponse().setPartitions(List.of(data))));
  }

  @Test
  void whatAConsumerIsSentIsCountedAndWhatAReplicaIsSentIsNot() {
    limit(ANYBODY, QuotaKey.CONSUMER_BYTE_RATE, 100);
    Throttle throttle = quotas.throttle();
    FetchRequestData replica =
        new FetchRequestData().setReplicaState(new FetchRequestData.ReplicaState().setReplicaId(2));
    assertThat(throttle.charge(ClientRequest.fetch("node", replica), fetched(9_000), 0)).isZero();
    FetchResponseData answer = fetched(1_200);
    assertThat(throttle.charge(ClientRequest.fetch("ann", new FetchRequestData()), answer, 0))
        .isEqualTo(2_000);
    assertThat(answer.throttleTimeMs()).isEqualTo(2_000);
  }

  @Test
  void aConsumerIsNotSentMoreAtOnceThanItsQuotaBringsInAllWindows() {
    assertThat(quotas.fetchBytesAtOnce("ann", "a")).isEqualTo(Long.MAX_VALUE);
    limit(ANN, QuotaKey.CONSUMER_BYTE_RATE, 100);
    assertThat(quotas.fetchBytesAtOnce("ann", "a")).isEqualTo(1_000);
  }

  @Test
  void timeIsCountedForEveryRequestAndCostsAWindowOfWaitingAtMost() {
    limit(ANN, QuotaKey.REQUEST_PERCENTAGE, 1);
    Throttle throttle = quotas.throttle();
    ClientRequest request = new ClientRequest(ApiKeys.METADATA, "ann", "a", 10);
    long tenthNs = TimeUnit.MILLISECONDS.toNanos(100);
    assertThat(throttle.charge(request, new MetadataResponseData(), tenthNs)).isZero();
    assertThat(throttle.charge(request, new MetadataResponseData(), tenthNs / 20)).isEqualTo(500);
    MetadataResponseData answer = new MetadataResponseData();
    assertThat(throttle.charge(request, answer, TimeUnit.SECONDS.toNanos(60))).isEqualTo(1_000);
    assertThat(answer.throttleTimeMs()).isEqualTo(1_000);
  }

  @Test
  void whatNodesAskOfEachOtherAndWhoIsNotKnownYetAreNotCounted() {
    limit(ANYBODY, QuotaKey.REQUEST_PERCENTAGE, 0.001);
    Throttle throttle = quotas.throttle();
    long busyNs = TimeUnit.SECONDS.toNanos(1);
    for (ApiKeys key :
        List.of(ApiKeys.WRITE_TXN_MARKERS, ApiKeys.SASL_HANDSHAKE, ApiKeys.ENVELOPE)) {
      assertThat(
              throttle.charge(
                  new ClientRequest(key, "node", "", 10), new SaslHandshakeResponseData(), busyNs))
          .isZero();
    }
  }

  /** Or it could go on asking for what it may not have, and take the loops' time from others. */
  @Test
  @Scenario("S-191")
  void whoMayNotActAsANodeIsCountedWhateverItAsksFor() {
    limit(ANYBODY, QuotaKey.REQUEST_PERCENTAGE, 0.001);
    long busyNs = TimeUnit.SECONDS.toNanos(1);
    ClientRequest markers = new ClientRequest(ApiKeys.WRITE_TXN_MARKERS, "eve", "", 10);
    ClientRequest fetch =
        ClientRequest.fetch(
            "eve", new FetchRequestData().setReplicaState(new ReplicaState().setReplicaId(2)));
    for (ClientRequest request : List.of(markers, fetch)) {
      assertThat(quotas.throttle().charge(request, new FetchResponseData(), busyNs)).isZero();
      assertThat(quotas.throttle().charge(request.withoutRights(), new FetchResponseData(), busyNs))
          .isPositive();
    }
  }

  private MutationsTaken take(boolean mayRefuse, Integer... partitions) {
    return quotas.take(new TakeMutations("ann", "a", List.of(partitions), mayRefuse));
  }

  @Test
  void whoHasMadeTooManyPartitionsGetsNoMoreUntilTheDebtIsPaid() {
    assertThat(quotas.isLimited("ann", "a")).isFalse();
    assertThat(take(true, 1_000)).isEqualTo(new MutationsTaken(List.of(true), 0));
    limit(ANYBODY, QuotaKey.CONTROLLER_MUTATION_RATE, 1);
    assertThat(quotas.isLimited("ann", "a")).isTrue();

    assertThat(take(true, 13, 1, 0))
        .as("what changes nothing is never refused")
        .isEqualTo(new MutationsTaken(List.of(true, false, true), 2_000));
    assertThat(take(false, 1)).isEqualTo(new MutationsTaken(List.of(true), 3_000));

    time.advanceMs(3_000);
    assertThat(take(true, 1)).isEqualTo(new MutationsTaken(List.of(true), 1_000));
  }

  /** Whoever counts may be another node, so the connection's node goes by what the answer says. */
  @Test
  void aClientIsMutedForAsLongAsTheAnswerToItsChangeSays() {
    limit(ANYBODY, QuotaKey.CONTROLLER_MUTATION_RATE, 1);
    ClientRequest request = new ClientRequest(ApiKeys.CREATE_TOPICS, "ann", "a", 10);
    CreateTopicsResponseData answer = new CreateTopicsResponseData().setThrottleTimeMs(2_000);

    assertThat(quotas.throttle().charge(request, answer, 0)).isEqualTo(2_000);
    assertThat(answer.throttleTimeMs()).isEqualTo(2_000);
    assertThat(quotas.throttle().charge(request, new CreateTopicsResponseData(), 0)).isZero();
  }

  @Test
  void coldReadsWaitForTheirTimeByBytesAndByRequests() {
    assertThat(quotas.cold("ann", "a").waitMs()).isZero();
    limit(ANN, QuotaKey.REMOTE_FETCH_BYTE_RATE, 1_000);
    ColdQuota cold = quotas.cold("ann", "a");
    cold.answered(10_500);
    assertThat(cold.waitMs()).isEqualTo(500);
    cold.answered(-10_500);
    assertThat(cold.waitMs()).isZero();
    limit(ANN, QuotaKey.REMOTE_FETCH_REQUEST_RATE, 1);
    ColdQuota both = quotas.cold("ann", "another");
    for (int i = 0; i < 11; i++) {
      both.asked();
    }
    assertThat(both.waitMs()).isEqualTo(1_000);
    assertThat(quotas.cold("bob", "a").waitMs()).isZero();
  }

  @Test
  void addressesAreToldHowFastTheyMayConnect() throws Exception {
    AtomicReference<AddressQuotas> told = new AtomicReference<>();
    quotas.onAddressQuotas(told::set);
    limit(QuotaEntity.of(Part.IP, Optional.of("10.0.0.1")), QuotaKey.CONNECTION_CREATION_RATE, 5);
    limit(QuotaEntity.of(Part.IP, Optional.empty()), QuotaKey.CONNECTION_CREATION_RATE, 7);
    assertThat(told).hasValue(new AddressQuotas(Map.of(InetAddress.ofLiteral("10.0.0.1"), 5), 7));
  }

  @Test
  @Scenario("S-192")
  void whoHasUsedNothingForLongIsForgotten() {
    limit(ANY_CLIENT, QuotaKey.PRODUCER_BYTE_RATE, 100);
    Throttle throttle = quotas.throttle();
    for (int i = 0; i < 10_000; i++) {
      produce(throttle, "ann", "client " + i, 1);
    }
    assertThat(meters.get("tidemark.quota.entities").gauge().value()).isEqualTo(10_000);
    time.advanceMs(61_000);
    produce(throttle, "ann", "one more", 1);
    assertThat(meters.get("tidemark.quota.entities").gauge().value()).isEqualTo(1);
  }

  @Test
  void aConnectionThatRemembersAForgottenMeterAsksForItAgain() {
    limit(ANY_CLIENT, QuotaKey.PRODUCER_BYTE_RATE, 100);
    Throttle sleeper = quotas.throttle();
    produce(sleeper, "ann", "app", 1);
    time.advanceMs(61_000);
    produce(quotas.throttle(), "ann", "other", 1);
    assertThat(produce(sleeper, "ann", "app", 1_000)).isZero();
    assertThat(produce(quotas.throttle(), "ann", "app", 100)).isEqualTo(1_000);
  }
}

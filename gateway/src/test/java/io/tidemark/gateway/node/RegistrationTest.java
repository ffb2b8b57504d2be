package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.FeaturesImage;
import io.tidemark.scenario.Scenario;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.DuplicateBrokerRegistrationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;

class RegistrationTest {
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Deque<Errors> answers = new ArrayDeque<>();
  private ClusterImage image = ClusterImage.EMPTY;

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  private Registration registration(long timeoutMs) {
    return new Registration(
        controller(),
        () -> image,
        RegistrationTest::request,
        List::of,
        thread,
        new Registration.Timing(1_000, timeoutMs));
  }

  private static BrokerRegistrationRequestData request() {
    BrokerRegistrationRequestData request = new BrokerRegistrationRequestData().setBrokerId(1);
    request.features().add(new Feature().setName("a.version").setMaxSupportedVersion((short) 1));
    request.features().add(new Feature().setName("b.version").setMaxSupportedVersion((short) 4));
    return request;
  }

  private static ClusterImage withFeatures(Map<String, Short> levels) {
    ClusterImage empty = ClusterImage.EMPTY;
    return new ClusterImage(
        empty.version(),
        empty.clusterId(),
        empty.nodes(),
        empty.topics(),
        empty.configs(),
        new FeaturesImage(HashTreePMap.from(levels), 1),
        empty.nextProducerId(),
        empty.deletedTopics(),
        empty.security(),
        empty.quotas());
  }

  /** Answers registrations with the errors in turn, the last one for ever, and nothing else. */
  private Controller controller() {
    return (Controller)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Controller.class},
            (_, method, _) -> {
              if (!method.getName().equals("registerNode")) {
                throw new UnsupportedOperationException(method.getName());
              }
              Errors error = answers.size() > 1 ? answers.remove() : answers.element();
              return CompletableFuture.completedFuture(
                  new BrokerRegistrationResponseData()
                      .setErrorCode(error.code())
                      .setBrokerEpoch(error == Errors.NONE ? 7 : -1));
            });
  }

  @Test
  void anEarlierLifeIsWaitedForUntilItIsFenced() throws Exception {
    answers.addAll(
        List.of(
            Errors.DUPLICATE_BROKER_REGISTRATION,
            Errors.DUPLICATE_BROKER_REGISTRATION,
            Errors.NONE));
    Registration registration = registration(60_000);
    registration.register().get(30, TimeUnit.SECONDS);
    assertThat(registration.epoch()).isEqualTo(7);
  }

  @Test
  void anotherNodeWithTheSameIdEndsTheStart() {
    answers.add(Errors.DUPLICATE_BROKER_REGISTRATION);
    assertThatThrownBy(() -> registration(1).register().get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(DuplicateBrokerRegistrationException.class);
  }

  @Test
  @Scenario("S-59")
  void aReleaseThatIsTooOldForTheClusterIsToldWhatItLacks() {
    image =
        withFeatures(
            Map.of("a.version", (short) 2, "b.version", (short) 4, "c.version", (short) 1));
    answers.add(Errors.UNSUPPORTED_VERSION);
    assertThatThrownBy(() -> registration(60_000).register().get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(UnsupportedVersionException.class)
        .hasMessageContaining("a.version is at 2, this node can work with 0 to 1")
        .hasMessageContaining("c.version is at 1, this node can work with 0 to 0")
        .hasMessageContaining("tidemark features downgrade")
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("b.version"));
  }

  @Test
  void whatWaitingCannotMendEndsTheStartAtOnce() {
    answers.add(Errors.INCONSISTENT_CLUSTER_ID);
    assertThatThrownBy(() -> registration(60_000).register().get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }
}

package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.DuplicateBrokerRegistrationException;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistrationTest {
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Deque<Errors> answers = new ArrayDeque<>();

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  private Registration registration(long timeoutMs) {
    return new Registration(
        controller(),
        () -> ClusterImage.EMPTY,
        () -> new BrokerRegistrationRequestData().setBrokerId(1),
        List::of,
        thread,
        new Registration.Timing(1_000, timeoutMs));
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
  void whatWaitingCannotMendEndsTheStartAtOnce() {
    answers.add(Errors.INCONSISTENT_CLUSTER_ID);
    assertThatThrownBy(() -> registration(60_000).register().get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }
}

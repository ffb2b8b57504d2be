package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.replica.IsrProposal;
import io.tidemark.log.replica.IsrResult;
import io.tidemark.log.replica.NodeEpoch;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterPartitionResponseData.PartitionData;
import org.apache.kafka.common.message.AlterPartitionResponseData.TopicData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ControllerIsrChangesTest {
  private static final Uuid TOPIC = new Uuid(1, 2);

  private record Call(
      AlterPartitionRequestData request, CompletableFuture<AlterPartitionResponseData> answer) {

    List<Integer> partitions() {
      return request.topics().stream()
          .flatMap(topic -> topic.partitions().stream())
          .map(AlterPartitionRequestData.PartitionData::partitionIndex)
          .toList();
    }
  }

  private final List<Call> calls = new ArrayList<>();
  private final ControllerIsrChanges changes =
      new ControllerIsrChanges(controller(), () -> ClusterImage.EMPTY, 1, () -> 9L);

  private Controller controller() {
    return (Controller)
        Proxy.newProxyInstance(
            Controller.class.getClassLoader(),
            new Class<?>[] {Controller.class},
            (proxy, method, arguments) -> {
              Call call =
                  new Call((AlterPartitionRequestData) arguments[0], new CompletableFuture<>());
              calls.add(call);
              return call.answer();
            });
  }

  private CompletableFuture<IsrResult> propose(int partition) {
    return changes.propose(
        new IsrProposal(
            new TopicIdPartition(TOPIC, partition, "t"), 3, 5, List.of(new NodeEpoch(1, 9))));
  }

  private static PartitionData changed(int partition) {
    return new PartitionData()
        .setPartitionIndex(partition)
        .setLeaderEpoch(3)
        .setPartitionEpoch(6)
        .setIsr(List.of(1));
  }

  private static AlterPartitionResponseData response(PartitionData... partitions) {
    return new AlterPartitionResponseData()
        .setTopics(List.of(new TopicData().setTopicId(TOPIC).setPartitions(List.of(partitions))));
  }

  @Test
  void whatComesWhileARequestIsUnderWayGoesTogetherInTheNext() {
    CompletableFuture<IsrResult> first = propose(0);
    CompletableFuture<IsrResult> second = propose(1);
    CompletableFuture<IsrResult> third = propose(2);
    assertThat(calls).hasSize(1);
    assertThat(calls.getFirst().request().brokerEpoch()).isEqualTo(9);

    calls.getFirst().answer().complete(response(changed(0)));

    assertThat(first).isCompletedWithValue(new IsrResult.Committed(3, 6, List.of(1)));
    assertThat(calls).hasSize(2);
    assertThat(calls.getLast().partitions()).containsExactly(1, 2);
    PartitionData refused =
        new PartitionData().setPartitionIndex(1).setErrorCode(Errors.INELIGIBLE_REPLICA.code());
    calls.getLast().answer().complete(response(changed(2), refused));
    assertThat(second).isCompletedWithValue(new IsrResult.Refused(Errors.INELIGIBLE_REPLICA));
    assertThat(third).isCompletedWithValue(new IsrResult.Committed(3, 6, List.of(1)));
  }

  @Test
  void twoProposalsOfOnePartitionAreTwoRequests() {
    propose(0);
    propose(1);
    propose(1);
    calls.getFirst().answer().complete(response(changed(0)));
    assertThat(calls.getLast().partitions()).containsExactly(1);
    calls.getLast().answer().complete(response(changed(1)));

    assertThat(calls).hasSize(3);
    assertThat(calls.getLast().partitions()).containsExactly(1);
  }

  @Test
  void aRequestThatFailsIsTheAnswerToAllOfIt() {
    propose(0);
    CompletableFuture<IsrResult> second = propose(1);
    CompletableFuture<IsrResult> third = propose(2);
    calls.getFirst().answer().complete(response(changed(0)));
    calls.getLast().answer().completeExceptionally(new NotControllerException("elsewhere"));

    assertThat(second).isCompletedWithValue(new IsrResult.Refused(Errors.NOT_CONTROLLER));
    assertThat(third).isCompletedWithValue(new IsrResult.Refused(Errors.NOT_CONTROLLER));
  }

  @Test
  void aPartitionNobodyAnsweredForIsAskedAgainByItsLeader() {
    CompletableFuture<IsrResult> forgotten = propose(0);
    calls.getFirst().answer().complete(response());

    assertThat(forgotten).isCompletedWithValue(new IsrResult.Refused(Errors.UNKNOWN_SERVER_ERROR));
  }
}

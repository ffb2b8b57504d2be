package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.log.replica.Replica;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeProducersRequest;

/** DescribeProducers: the producers whose sequences a leader remembers. */
public final class DescribeProducersHandler implements ApiHandler {
  private final LocalPartitions partitions;

  public DescribeProducersHandler(LocalPartitions partitions) {
    this.partitions = partitions;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DescribeProducersResponseData response = new DescribeProducersResponseData();
    for (TopicRequest topic : ((DescribeProducersRequest) request.body()).data().topics()) {
      TopicResponse described = new TopicResponse().setName(topic.name());
      response.topics().add(described);
      for (int partition : topic.partitionIndexes()) {
        described.partitions().add(describe(topic.name(), partition));
      }
    }
    responder.respond(response);
  }

  private PartitionResponse describe(String topic, int partition) {
    PartitionResponse response = new PartitionResponse().setPartitionIndex(partition);
    try {
      switch (partitions.find(topic, partition)) {
        case Elsewhere elsewhere -> response.setErrorCode(elsewhere.error().code());
        case Here here -> addProducers(here.replica(), response);
      }
    } catch (ApiException e) {
      ApiError error = ProtocolErrors.describe(e);
      response.setErrorCode(error.error().code()).setErrorMessage(error.message());
    }
    return response;
  }

  private static void addProducers(Replica replica, PartitionResponse response) {
    Leadership.require(replica.view());
    replica
        .producers()
        .forEach(producer ->
            response
                .activeProducers()
                .add(
                    new ProducerState()
                        .setProducerId(producer.producerId())
                        .setProducerEpoch(producer.producerEpoch())
                        .setLastSequence(producer.lastSequence())
                        .setLastTimestamp(producer.lastTimestampMs())
                        .setCoordinatorEpoch(producer.coordinatorEpoch())
                        .setCurrentTxnStartOffset(producer.currentTxnFirstOffset())));
  }
}

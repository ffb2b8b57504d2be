package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import java.util.function.Function;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Gives nodes blocks of producer ids; no id is ever given twice. */
final class ProducerIdControl {
  static final int BLOCK_SIZE = 1_000;

  private ProducerIdControl() {}

  static Function<ClusterImage, AllocateProducerIdsResponseData> allocate(
      Draft draft, AllocateProducerIdsRequestData request) {
    ClusterImage image = draft.image();
    if (!NodeControl.isCurrent(image, request.brokerId(), request.brokerEpoch())) {
      return _ ->
          new AllocateProducerIdsResponseData().setErrorCode(Errors.STALE_BROKER_EPOCH.code());
    }
    long first = image.nextProducerId();
    if (first > Long.MAX_VALUE - BLOCK_SIZE) {
      return _ ->
          new AllocateProducerIdsResponseData().setErrorCode(Errors.UNKNOWN_SERVER_ERROR.code());
    }
    draft.add(
        new Event.ProducerIdsAllocated(
            request.brokerId(), request.brokerEpoch(), first, first + BLOCK_SIZE));
    return _ ->
        new AllocateProducerIdsResponseData()
            .setProducerIdStart(first)
            .setProducerIdLen(BLOCK_SIZE);
  }
}

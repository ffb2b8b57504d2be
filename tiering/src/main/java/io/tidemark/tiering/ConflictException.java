package io.tidemark.tiering;

import io.tidemark.tiering.upload.TierAgreement;
import org.apache.kafka.common.TopicIdPartition;

/** The hot log and the bucket do not fit together; nothing is uploaded until they do. */
final class ConflictException extends Exception {
  private static final long serialVersionUID = 1L;

  ConflictException(TopicIdPartition partition, TierAgreement agreement) {
    super("the hot log of " + partition + " and its manifest disagree: " + agreement);
  }
}

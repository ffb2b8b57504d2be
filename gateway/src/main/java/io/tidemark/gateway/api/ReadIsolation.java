package io.tidemark.gateway.api;

import io.tidemark.log.replica.Isolation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.FetchRequest;

/** How far a request may read: its replica id and isolation level in our own terms. */
public final class ReadIsolation {
  private static final byte READ_UNCOMMITTED = 0;
  private static final byte READ_COMMITTED = 1;

  private ReadIsolation() {}

  /**
   * Replicas read to the log's end, consumers as far as their isolation level lets them.
   *
   * @throws InvalidRequestException when there is no such level
   */
  public static Isolation of(int replicaId, byte isolationLevel) {
    if (FetchRequest.isValidBrokerId(replicaId)) {
      return Isolation.LOG_END;
    }
    return switch (isolationLevel) {
      case READ_UNCOMMITTED -> Isolation.HIGH_WATERMARK;
      case READ_COMMITTED -> Isolation.COMMITTED;
      default -> throw new InvalidRequestException("There is no isolation level " + isolationLevel);
    };
  }
}

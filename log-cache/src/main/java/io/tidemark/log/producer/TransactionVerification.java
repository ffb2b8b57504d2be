package io.tidemark.log.producer;

/**
 * That a producer's transaction is being looked up, or was found, before its first batch here is
 * appended. Good until a marker of that producer is appended, after which the transaction that was
 * found may be over. Kept by {@link TransactionVerifications}, told by identity.
 */
public final class TransactionVerification {
  private final long producerId;
  private final short producerEpoch;

  /** Of all batches that came under it; a later batch must not be appended before the first. */
  private volatile int lowestSequence;

  private volatile long begunMs;

  TransactionVerification(long producerId, short producerEpoch, int sequence, long nowMs) {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.lowestSequence = sequence;
    this.begunMs = nowMs;
  }

  public long producerId() {
    return producerId;
  }

  public short producerEpoch() {
    return producerEpoch;
  }

  int lowestSequence() {
    return lowestSequence;
  }

  long begunMs() {
    return begunMs;
  }

  void continues(int sequence, long nowMs) {
    lowestSequence = Math.min(lowestSequence, sequence);
    begunMs = nowMs;
  }
}

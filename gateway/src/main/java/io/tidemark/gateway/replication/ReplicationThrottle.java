package io.tidemark.gateway.replication;

import io.tidemark.metadata.image.ClusterImage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.utils.Time;

/**
 * How fast replicas that have fallen behind are copied, on one side of the copying: what this node
 * sends as leader, or fetches as follower (KIP-73). A topic's list says which replicas that
 * concerns; all of them share the rate. Who is in sync is never held back, but what it is sent
 * counts.
 *
 * <p>Bytes are taken from an account that fills at the rate, up to a second's worth; a fetch may
 * overdraw it, and nobody gets anything until that is made good. Safe from any thread.
 */
public final class ReplicationThrottle {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final ThrottledReplicas replicas;
  private final Supplier<ClusterImage> image;
  private final Time time;

  /** Volatile because fetches of all partitions look at it. */
  private volatile long bytesPerSecond = UNLIMITED;

  // Guarded by this.
  private long account;
  private long filledNs;

  public ReplicationThrottle(ThrottledReplicas replicas, Supplier<ClusterImage> image, Time time) {
    this.replicas = replicas;
    this.image = image;
    this.time = time;
  }

  /** Sets the rate; 0 lets nothing through. */
  public synchronized void limit(long newBytesPerSecond) {
    if (newBytesPerSecond != bytesPerSecond) {
      bytesPerSecond = newBytesPerSecond;
      account = newBytesPerSecond;
      filledNs = time.nanoseconds();
    }
  }

  /** Whether nothing may be copied to a follower of the partition at the moment. */
  public boolean holdsBack(TopicIdPartition id, int followerId) {
    return isThrottled(id) && !isInSync(id, followerId) && isSpent();
  }

  /** So many bytes of the partition were copied. */
  public void copied(TopicIdPartition id, int bytes) {
    if (bytes > 0 && isThrottled(id)) {
      synchronized (this) {
        fill();
        account -= bytes;
      }
    }
  }

  private boolean isThrottled(TopicIdPartition id) {
    return bytesPerSecond != UNLIMITED && replicas.contain(image.get(), id);
  }

  private boolean isInSync(TopicIdPartition id, int followerId) {
    return image.get().partition(id).filter(at -> at.isr().contains(followerId)).isPresent();
  }

  private synchronized boolean isSpent() {
    fill();
    return account <= 0;
  }

  private void fill() {
    long nowNs = time.nanoseconds();
    double seconds = (nowNs - filledNs) / (double) TimeUnit.SECONDS.toNanos(1);
    long earned = (long) (seconds * bytesPerSecond);
    if (earned > 0) {
      account = Math.min(bytesPerSecond, account + earned);
      filledNs = nowNs;
    }
  }
}

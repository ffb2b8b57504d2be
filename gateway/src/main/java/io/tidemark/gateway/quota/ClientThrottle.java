package io.tidemark.gateway.quota;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Throttle;
import io.tidemark.gateway.quota.ClientQuotas.Rules;
import io.tidemark.gateway.quota.ClientQuotas.Share;
import io.tidemark.log.record.WireRecords;
import io.tidemark.metadata.image.QuotaKey;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * One connection's client against its quotas of produced and fetched bytes, of time and of what it
 * asks the controller for: the longest wait counts. The meters are looked up once for a client and
 * kept until the quotas change.
 *
 * <p>What a consumer is sent is counted when it is sent; the wait follows. (Kafka sends such a
 * consumer an empty answer instead and reads everything again later.)
 */
final class ClientThrottle implements Throttle {
  private static final double PERCENT = 100;
  private static final short OLDEST_ADD_PARTITIONS_OF_NODES = 4;

  private final ClientQuotas quotas;
  private final Time time;
  private final QuotaMetrics metrics;
  private @Nullable Shares known;

  private record Shares(
      Rules rules,
      String user,
      String clientId,
      @Nullable Share produce,
      @Nullable Share fetch,
      @Nullable Share request) {}

  ClientThrottle(ClientQuotas quotas, Time time, QuotaMetrics metrics) {
    this.quotas = quotas;
    this.time = time;
    this.metrics = metrics;
  }

  @Override
  public boolean isOn() {
    return quotas.isOn();
  }

  @Override
  public int charge(Request request, @Nullable ApiMessage answer, long busyNs) {
    if (isExempt(request)) {
      return 0;
    }
    Shares shares = shares(request);
    long nowNs = time.nanoseconds();
    long waitNs = timed(shares, busyNs, nowNs);
    switch (request.apiKey()) {
      case PRODUCE -> waitNs = Math.max(waitNs, produced(shares, request, nowNs));
      case FETCH -> waitNs = Math.max(waitNs, fetched(shares, answer, nowNs));
      case CREATE_TOPICS, DELETE_TOPICS, CREATE_PARTITIONS ->
          waitNs = Math.max(waitNs, mutated(answer));
      default -> {}
    }
    int waitMs = ceilMs(waitNs);
    if (waitMs > 0 && answer != null) {
      ThrottleTimes.set(answer, waitMs);
    }
    return waitMs;
  }

  /** What nodes ask of each other is nobody's use; nobody is made to wait before it is known. */
  private static boolean isExempt(Request request) {
    return switch (request.apiKey()) {
      case SASL_HANDSHAKE, SASL_AUTHENTICATE -> true;
      default -> isOfNodes(request) && request.access().mayOnCluster(AclOperation.CLUSTER_ACTION);
    };
  }

  /** Whether only nodes ask for such a thing, or those who try to pass for one. */
  private static boolean isOfNodes(Request request) {
    ApiKeys api = request.apiKey();
    return api.clusterAction
        || (api == ApiKeys.ADD_PARTITIONS_TO_TXN
            && request.apiVersion() >= OLDEST_ADD_PARTITIONS_OF_NODES)
        || (request.body() instanceof FetchRequest fetch && fetch.isFromFollower());
  }

  private Shares shares(Request request) {
    Rules rules = quotas.rules();
    String user = request.principal().getName();
    String clientId = request.clientId();
    Shares shares = known;
    if (shares == null
        || shares.rules != rules
        || !shares.user.equals(user)
        || !shares.clientId.equals(clientId)) {
      shares =
          new Shares(
              rules,
              user,
              clientId,
              quotas.share(rules, QuotaKey.PRODUCER_BYTE_RATE, user, clientId),
              quotas.share(rules, QuotaKey.CONSUMER_BYTE_RATE, user, clientId),
              quotas.share(rules, QuotaKey.REQUEST_PERCENTAGE, user, clientId));
      known = shares;
    }
    return shares;
  }

  /** As in Kafka, at most one window of waiting follows from one request. */
  private long timed(Shares shares, long busyNs, long nowNs) {
    if (shares.request == null) {
      return 0;
    }
    double percentSeconds = busyNs * PERCENT / TimeUnit.SECONDS.toNanos(1);
    long waitNs =
        Math.min(shares.request.useNs(percentSeconds, nowNs), quotas.windows().windowNs());
    metrics.waited(QuotaMetrics.Kind.REQUEST, waitNs);
    return waitNs;
  }

  private long produced(Shares shares, Request request, long nowNs) {
    if (shares.produce == null) {
      return 0;
    }
    long waitNs = shares.produce.useNs(request.sizeBytes(), nowNs);
    metrics.waited(QuotaMetrics.Kind.PRODUCE, waitNs);
    return waitNs;
  }

  private long fetched(Shares shares, @Nullable ApiMessage answer, long nowNs) {
    if (shares.fetch == null || !(answer instanceof FetchResponseData fetch)) {
      return 0;
    }
    long waitNs = shares.fetch.useNs((double) recordBytes(fetch), nowNs);
    metrics.waited(QuotaMetrics.Kind.FETCH, waitNs);
    return waitNs;
  }

  private static long recordBytes(FetchResponseData fetch) {
    long bytes = 0;
    for (var topic : fetch.responses()) {
      for (var partition : topic.partitions()) {
        bytes += WireRecords.sizeBytes(partition.records());
      }
    }
    return bytes;
  }

  /** Whoever counted it, here or elsewhere, has said in the answer how long to wait. */
  private long mutated(@Nullable ApiMessage answer) {
    int waitMs =
        switch (answer) {
          case CreateTopicsResponseData created -> created.throttleTimeMs();
          case DeleteTopicsResponseData deleted -> deleted.throttleTimeMs();
          case CreatePartitionsResponseData added -> added.throttleTimeMs();
          case null, default -> 0;
        };
    long waitNs = TimeUnit.MILLISECONDS.toNanos(waitMs);
    metrics.waited(QuotaMetrics.Kind.CONTROLLER_MUTATION, waitNs);
    return waitNs;
  }

  private static int ceilMs(long waitNs) {
    long waitMs = TimeUnit.NANOSECONDS.toMillis(waitNs + TimeUnit.MILLISECONDS.toNanos(1) - 1);
    return (int) Math.min(Integer.MAX_VALUE, waitMs);
  }
}

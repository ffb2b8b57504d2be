package io.tidemark.gateway.quota;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.net.AddressQuotas;
import io.tidemark.gateway.net.Throttle;
import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaKey;
import io.tidemark.metadata.image.QuotasImage;
import io.tidemark.metadata.link.ControllerCall.TakeMutations;
import io.tidemark.metadata.link.ControllerReply.MutationsTaken;
import io.tidemark.metadata.link.MutationCounter;
import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * How much clients may use of this node, and have used. The quotas are the cluster's and come with
 * its image; a change holds for the next request of every client, whatever it is connected to. Safe
 * from any thread; never waits.
 */
public final class ClientQuotas implements MutationLedger, MutationCounter {
  private final Time time;
  private final QuotaMetrics metrics;
  private final QuotaMeters<RateWindow> rates;
  private final QuotaMeters<TokenBucket> buckets;
  private final QuotaWindows windows;
  private final ColdQuota unlimitedCold;

  private Consumer<AddressQuotas> onAddressQuotas = _ -> {}; // guarded by this

  /** Volatile because the image's thread and sweeps write it and everybody reads it. */
  private volatile Rules rules = new Rules(QuotasImage.EMPTY, false);

  /** One state of the quotas; another object whenever anything remembered of it is stale. */
  static final class Rules {
    private final QuotasImage image;

    /** Whether there is any quota of users or client ids. */
    private final boolean limitsClients;

    Rules(QuotasImage image, boolean limitsClients) {
      this.image = image;
      this.limitsClients = limitsClients;
    }

    QuotasImage image() {
      return image;
    }
  }

  /**
   * @param windows of everything but what the controller is asked for
   * @param mutationWindows of that
   */
  public ClientQuotas(
      QuotaWindows windows, QuotaWindows mutationWindows, Time time, MeterRegistry meters) {
    this.time = time;
    this.windows = windows;
    long nowNs = time.nanoseconds();
    this.rates =
        new QuotaMeters<>(
            now -> new RateWindow(windows, now), RateWindow::isForgotten, this::renew, nowNs);
    this.buckets =
        new QuotaMeters<>(
            _ -> new TokenBucket(mutationWindows), TokenBucket::isForgotten, this::renew, nowNs);
    this.metrics = new QuotaMetrics(meters, () -> rates.size() + buckets.size());
    this.unlimitedCold = new ColdQuota(null, null, time, metrics);
  }

  /** Other quotas hold from here on. */
  public synchronized void update(QuotasImage image) {
    boolean limitsClients =
        image.valuesByEntity().keySet().stream().anyMatch(who -> !who.has(QuotaEntity.Part.IP));
    rules = new Rules(image, limitsClients);
    onAddressQuotas.accept(addresses(image));
  }

  /** Tells how fast addresses may connect, whenever it may have changed; set once, at the start. */
  public synchronized void onAddressQuotas(Consumer<AddressQuotas> listener) {
    onAddressQuotas = listener;
  }

  private static AddressQuotas addresses(QuotasImage image) {
    Map<InetAddress, Integer> byAddress = new HashMap<>();
    int byDefault = Integer.MAX_VALUE;
    for (QuotaEntity entity : image.valuesByEntity().keySet()) {
      Optional<String> address = entity.names().get(QuotaEntity.Part.IP);
      OptionalDouble perSecond = image.of(entity, QuotaKey.CONNECTION_CREATION_RATE);
      if (address == null || perSecond.isEmpty()) {
        continue;
      }
      int limit = (int) perSecond.getAsDouble();
      if (address.isPresent()) {
        byAddress.put(InetAddress.ofLiteral(address.get()), limit);
      } else {
        byDefault = limit;
      }
    }
    return new AddressQuotas(byAddress, byDefault);
  }

  /** Those who remember meters ask for them again. */
  private synchronized void renew() {
    rules = new Rules(rules.image, rules.limitsClients);
  }

  /** Whether any client has a quota. */
  public boolean isOn() {
    return rules.limitsClients;
  }

  /** For one connection of clients. */
  public Throttle throttle() {
    return new ClientThrottle(this, time, metrics);
  }

  @Override
  public boolean isLimited(String user, String clientId) {
    Rules now = rules;
    return now.limitsClients
        && QuotaPrecedence.find(now.image, QuotaKey.CONTROLLER_MUTATION_RATE, user, clientId)
            != null;
  }

  /** As this node knows, which is all there is to know where it leads the quorum. */
  @Override
  public CompletableFuture<MutationsTaken> count(TakeMutations wish) {
    return CompletableFuture.completedFuture(take(wish));
  }

  @Override
  public MutationsTaken take(TakeMutations wish) {
    Permits permits = bucket(rules, wish.user(), wish.clientId());
    return permits == null
        ? new MutationsTaken(Collections.nCopies(wish.partitions().size(), true), 0)
        : new MutationQuota(permits).take(wish, time.nanoseconds());
  }

  /** What a client may read of the object store. */
  public ColdQuota cold(String user, String clientId) {
    Rules now = rules;
    return now.limitsClients
        ? new ColdQuota(
            share(now, QuotaKey.REMOTE_FETCH_BYTE_RATE, user, clientId),
            share(now, QuotaKey.REMOTE_FETCH_REQUEST_RATE, user, clientId),
            time,
            metrics)
        : unlimitedCold;
  }

  /** What a consumer's quota brings in all whole windows; without one, anything. */
  public long fetchBytesAtOnce(String user, String clientId) {
    QuotaPrecedence.Found quota =
        QuotaPrecedence.find(rules.image, QuotaKey.CONSUMER_BYTE_RATE, user, clientId);
    return quota == null ? Long.MAX_VALUE : windows.bringsAtOnce(quota.limit());
  }

  Rules rules() {
    return rules;
  }

  QuotaWindows windows() {
    return windows;
  }

  /** A client's part in a rate; null where it has no quota. */
  @Nullable Share share(Rules now, QuotaKey key, String user, String clientId) {
    QuotaPrecedence.Found found = QuotaPrecedence.find(now.image, key, user, clientId);
    return found == null
        ? null
        : new Share(rates.of(key, found, time.nanoseconds()), found.limit());
  }

  private @Nullable Permits bucket(Rules now, String user, String clientId) {
    QuotaKey key = QuotaKey.CONTROLLER_MUTATION_RATE;
    QuotaPrecedence.Found found = QuotaPrecedence.find(now.image, key, user, clientId);
    return found == null
        ? null
        : new Permits(buckets.of(key, found, time.nanoseconds()), found.limit());
  }

  /** A meter that a client shares with others, and their limit. */
  record Share(RateWindow rate, double perSecond) {
    long useNs(double amount, long nowNs) {
      return rate.use(amount, perSecond, nowNs);
    }

    long waitNs(long nowNs) {
      return rate.peekNs(perSecond, nowNs);
    }
  }

  /** The same for what is taken in permits. */
  record Permits(TokenBucket bucket, double perSecond) {
    long waitNs(long nowNs) {
      return bucket.waitNs(perSecond, nowNs);
    }
  }
}

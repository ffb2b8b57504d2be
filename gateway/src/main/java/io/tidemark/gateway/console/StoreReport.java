package io.tidemark.gateway.console;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/store}: this node's calls of the object store since it started, and what they and
 * the bytes there cost. Calls that delete are free.
 */
final class StoreReport {
  private static final double MONTH_MS = TimeUnit.DAYS.toMillis(30);

  private final int nodeId;
  private final @Nullable String address;
  private final MeterRegistry meters;
  private final ClusterSizes sizes;
  private final Prices prices;
  private final Time time;
  private final long startedMs;

  /** Calls of one operation that ended in one way. */
  private record Calls(String operation, String result, long count, double meanMs) {
    static Calls of(Timer timer) {
      return new Calls(
          String.valueOf(timer.getId().getTag("operation")),
          String.valueOf(timer.getId().getTag("result")),
          timer.count(),
          timer.mean(TimeUnit.MILLISECONDS));
    }

    boolean isWrite() {
      return operation.equals("put") || operation.equals("list");
    }

    boolean isRead() {
      return operation.equals("read") || operation.equals("head");
    }
  }

  /**
   * @param address of the store; null without one
   */
  StoreReport(
      int nodeId,
      @Nullable String address,
      MeterRegistry meters,
      ClusterSizes sizes,
      Prices prices,
      Time time) {
    this.nodeId = nodeId;
    this.address = address;
    this.meters = meters;
    this.sizes = sizes;
    this.prices = prices;
    this.time = time;
    this.startedMs = time.hiResClockMs();
  }

  HttpResponse answer(HttpRequest request) {
    List<Calls> calls =
        meters.find("tidemark.store.calls").timers().stream()
            .map(Calls::of)
            .filter(each -> each.count() > 0)
            .sorted(Comparator.comparing(Calls::operation).thenComparing(Calls::result))
            .toList();
    long writes = calls.stream().filter(Calls::isWrite).mapToLong(Calls::count).sum();
    long reads = calls.stream().filter(Calls::isRead).mapToLong(Calls::count).sum();
    long upMs = Math.max(1, time.hiResClockMs() - startedMs);
    long coldBytes = sizes.get().total().cold();
    JsonWriter json =
        new JsonWriter()
            .object()
            .field("node", nodeId)
            .field("store", address)
            .field("upMs", upMs)
            .field("coldBytes", coldBytes)
            .field("bytesPut", bytes("put"))
            .field("bytesRead", bytes("read"));
    Reports.ids(json, "unanswered", sizes.get().unanswered());
    writePrices(json);
    Reports.number(json, "storageCostMonth", prices.storageMonth(coldBytes));
    Reports.number(json, "callsCost", prices.calls(writes, reads));
    Reports.number(json, "callsCostMonth", prices.calls(writes, reads) * MONTH_MS / upMs);
    json.name("calls").array();
    for (Calls each : calls) {
      json.object()
          .field("operation", each.operation())
          .field("result", each.result())
          .field("count", each.count());
      Reports.number(json, "meanMs", each.meanMs());
      json.end();
    }
    return Reports.answer(json.end().end());
  }

  private void writePrices(JsonWriter json) {
    json.name("prices").object().field("currency", prices.currency());
    Reports.number(json, "storagePerGbMonth", prices.storagePerGbMonth());
    Reports.number(json, "writesPer1000", prices.writesPer1000());
    Reports.number(json, "readsPer1000", prices.readsPer1000());
    json.end();
  }

  private long bytes(String operation) {
    return Optional.ofNullable(
            meters.find("tidemark.store.bytes").tag("operation", operation).counter())
        .map(Counter::count)
        .map(Double::longValue)
        .orElse(0L);
  }
}

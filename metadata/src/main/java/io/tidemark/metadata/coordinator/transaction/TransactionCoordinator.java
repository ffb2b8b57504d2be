package io.tidemark.metadata.coordinator.transaction;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.CoordinatorLog;
import io.tidemark.metadata.coordinator.CoordinatorMeters;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.CoordinatorShell;
import io.tidemark.metadata.coordinator.FieldWriter;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Transactional ids on this node's partitions of __transaction_state: finds the partition of an id,
 * asks its core, and gives the answer the form of the request's version.
 *
 * <p>Takes and gives Kafka's own data classes; the answers always complete, errors inside. Whether
 * the sender may do what it asks is the caller's matter. All methods are safe from any thread and
 * return at once. Closed by the wiring, before the log it stands on.
 */
public final class TransactionCoordinator implements AutoCloseable {
  /** Older clients know only the error that this one replaced. */
  private static final int PRODUCER_FENCED_INIT_VERSION = 4;

  private static final int PRODUCER_FENCED_END_VERSION = 2;
  private static final int ABORTABLE_END_VERSION = 5;

  /** Room for what a batch adds to its records. */
  private static final int BATCH_OVERHEAD_BYTES = 256;

  private final TransactionConfig config;
  private final CoordinatorLog log;
  private final IntSupplier partitionCount;
  private final BooleanSupplier isCompact;
  private final ProducerIdSource ids;
  private final MarkerDelivery delivery;
  private final CoordinatorPlatform platform;
  private final TransactionMeters transactionMeters;
  private final CoordinatorMeters meters;
  private final Map<Integer, CoordinatorShell<TransactionCore>> shells = new ConcurrentHashMap<>();

  /** Volatile because elections are told by another thread than the one that closes. */
  private volatile boolean closed;

  /**
   * @param partitionCount the partitions of __transaction_state, 0 as long as it does not exist
   * @param isCompact whether the cluster has finalised transaction.version 1 or later
   */
  public TransactionCoordinator(
      TransactionConfig config,
      CoordinatorLog log,
      IntSupplier partitionCount,
      BooleanSupplier isCompact,
      ProducerIdSource ids,
      MarkerDelivery delivery,
      CoordinatorPlatform platform) {
    this.config = config;
    this.log = log;
    this.partitionCount = partitionCount;
    this.isCompact = isCompact;
    this.ids = ids;
    this.delivery = delivery;
    this.platform = platform;
    this.transactionMeters = new TransactionMeters(platform.meters());
    this.meters = new CoordinatorMeters(platform.meters(), "transaction");
  }

  // ---------------------------------------------------------------- the node tells

  /** This node leads the partition from now on: loads it and then serves its ids. */
  public void onElected(int partition, int leaderEpoch) {
    if (!closed) {
      shells.computeIfAbsent(partition, this::newShell).elected(leaderEpoch);
    }
  }

  /** As {@code GroupCoordinator.onResigned}. */
  public void onResigned(int partition, int leaderEpoch) {
    CoordinatorShell<TransactionCore> shell = shells.get(partition);
    if (shell != null) {
      shell.resigned(leaderEpoch);
    }
  }

  @Override
  public void close() {
    closed = true;
    shells.values().forEach(CoordinatorShell::close);
  }

  /** Lets a test look at a partition's core, on its lane. */
  void inspect(int partition, Consumer<TransactionCore> look) {
    teller(partition).tell((core, turn) -> look.accept(core));
  }

  private CoreTeller teller(int partition) {
    return news -> {
      CoordinatorShell<TransactionCore> shell = shells.get(partition);
      if (shell != null) {
        shell.tell(news);
      }
    };
  }

  private CoordinatorShell<TransactionCore> newShell(int partition) {
    return new CoordinatorShell<>(
        "Transaction coordinator " + partition,
        partition,
        config.commitTimeoutMs(),
        log,
        platform,
        meters,
        leaderEpoch ->
            new TransactionCore(
                config,
                new TransactionCore.Place(
                    partition, leaderEpoch, log.maxBatchBytes(partition) - BATCH_OVERHEAD_BYTES),
                isCompact,
                ids,
                delivery,
                teller(partition),
                transactionMeters));
  }

  // ---------------------------------------------------------------- where an id is

  /**
   * The partition of __transaction_state that has the id, as Kafka computes it; −1 without the
   * topic.
   */
  public int partitionFor(String transactionalId) {
    int count = partitionCount.getAsInt();
    return count == 0 ? -1 : Utils.abs(transactionalId.hashCode()) % count;
  }

  private <T> CompletableFuture<T> ask(
      @Nullable String transactionalId,
      Function<Errors, T> refusal,
      CoordinatorShell.Question<TransactionCore, T> question) {
    if (transactionalId == null
        || transactionalId.isEmpty()
        || !FieldWriter.fits(transactionalId)) {
      return CompletableFuture.completedFuture(refusal.apply(Errors.INVALID_REQUEST));
    }
    int partition = partitionFor(transactionalId);
    CoordinatorShell<TransactionCore> shell = shells.get(partition);
    if (shell == null) {
      return CompletableFuture.completedFuture(refusal.apply(Errors.NOT_COORDINATOR));
    }
    return shell.ask(new Answer<>(error -> refusal.apply(shown(error))), question);
  }

  /**
   * A commit that takes too long is none of the client's errors: it shall look again where to ask.
   */
  private static Errors shown(Errors error) {
    return error == Errors.REQUEST_TIMED_OUT ? Errors.COORDINATOR_NOT_AVAILABLE : error;
  }

  // ---------------------------------------------------------------- producers

  /** For producers with a transactional id; idempotent ones need no coordinator. */
  public CompletableFuture<InitProducerIdResponseData> initProducerId(
      int apiVersion, InitProducerIdRequestData request) {
    Function<Errors, InitProducerIdResponseData> refusal =
        error ->
            new InitProducerIdResponseData()
                .setErrorCode(fenced(error, apiVersion >= PRODUCER_FENCED_INIT_VERSION).code());
    boolean isWhole =
        (request.producerId() == TransactionMetadata.NO_PRODUCER)
            == (request.producerEpoch() == TransactionMetadata.NO_EPOCH);
    if (!isWhole) {
      return CompletableFuture.completedFuture(refusal.apply(Errors.INVALID_REQUEST));
    }
    int timeoutMs = request.transactionTimeoutMs();
    if (timeoutMs <= 0 || timeoutMs > config.maxTimeoutMs()) {
      return CompletableFuture.completedFuture(refusal.apply(Errors.INVALID_TRANSACTION_TIMEOUT));
    }
    return ask(
        request.transactionalId(),
        refusal,
        (core, turn, answer) -> core.inits.init(turn, request, answer));
  }

  private static Errors fenced(Errors error, boolean isKnown) {
    return error == Errors.PRODUCER_FENCED && !isKnown ? Errors.INVALID_PRODUCER_EPOCH : error;
  }

  // ---------------------------------------------------------------- partitions

  /**
   * Adds partitions to a producer's transaction, which the first of them opens.
   *
   * @param hasOwnEpochs whether the producer's transactions have epochs of their own
   * @return PRODUCER_FENCED and the like; never fails
   */
  public CompletableFuture<Errors> addPartitions(
      String transactionalId,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions,
      boolean hasOwnEpochs) {
    return ask(
        transactionalId,
        Function.identity(),
        (core, turn, answer) ->
            core.participants.add(
                turn,
                transactionalId,
                producer,
                partitions,
                hasOwnEpochs ? TransactionMetadata.EPOCHS_PER_TRANSACTION : 0,
                answer));
  }

  /**
   * Whether the producer's open transaction has the partitions.
   *
   * @return for each NONE, INVALID_TXN_STATE where it has not, or what is wrong; never fails
   */
  public CompletableFuture<Map<TopicPartition, Errors>> verifyPartitions(
      String transactionalId,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions) {
    return ask(
        transactionalId,
        error -> {
          Map<TopicPartition, Errors> all = new LinkedHashMap<>();
          partitions.forEach(partition -> all.put(partition, error));
          return all;
        },
        (core, turn, answer) ->
            core.participants.verify(turn, transactionalId, producer, partitions, answer));
  }

  // ---------------------------------------------------------------- ends

  public CompletableFuture<EndTxnResponseData> endTransaction(
      int apiVersion, EndTxnRequestData request) {
    boolean hasOwnEpochs = apiVersion >= ABORTABLE_END_VERSION;
    return ask(
        request.transactionalId(),
        error ->
            new EndTxnResponseData()
                .setErrorCode(fenced(error, apiVersion >= PRODUCER_FENCED_END_VERSION).code()),
        (core, turn, answer) ->
            core.endings.end(
                turn,
                request,
                hasOwnEpochs ? TransactionMetadata.EPOCHS_PER_TRANSACTION : 0,
                answer));
  }

  // ---------------------------------------------------------------- queries

  public CompletableFuture<DescribeTransactionsResponseData> describe(
      DescribeTransactionsRequestData request) {
    Map<Integer, Set<String>> shares = new LinkedHashMap<>();
    for (String id : request.transactionalIds()) {
      shares.computeIfAbsent(partitionFor(id), p -> new LinkedHashSet<>()).add(id);
    }
    List<CompletableFuture<List<DescribeTransactionsResponseData.TransactionState>>> parts =
        new ArrayList<>();
    for (Set<String> each : shares.values()) {
      List<String> share = List.copyOf(each);
      parts.add(
          ask(
              share.getFirst(),
              error -> share.stream().map(id -> TransactionQueries.refused(id, error)).toList(),
              (core, turn, answer) -> core.queries.describe(turn, share, answer)));
    }
    return gather(
        parts,
        described ->
            new DescribeTransactionsResponseData()
                .setTransactionStates(described.stream().flatMap(List::stream).toList()));
  }

  /** Ids of partitions this node does not lead are listed by others. */
  public CompletableFuture<ListTransactionsResponseData> list(ListTransactionsRequestData request) {
    List<String> unknownStates =
        request.stateFilters().stream()
            .filter(state -> TransactionState.named(state).isEmpty())
            .toList();
    Predicate<String> isNamed;
    try {
      isNamed = pattern(request.transactionalIdPattern());
    } catch (PatternSyntaxException e) {
      return CompletableFuture.completedFuture(
          new ListTransactionsResponseData()
              .setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code()));
    }
    List<CompletableFuture<ListTransactionsResponseData>> parts = new ArrayList<>();
    for (CoordinatorShell<TransactionCore> shell : shells.values()) {
      parts.add(
          shell.ask(
              new Answer<>(error ->
                  new ListTransactionsResponseData()
                      .setErrorCode(
                          error == Errors.NOT_COORDINATOR
                              ? Errors.NONE.code()
                              : shown(error).code())),
              (core, turn, answer) -> core.queries.list(turn, request, isNamed, answer)));
    }
    return gather(parts, found -> merged(found).setUnknownStateFilters(unknownStates));
  }

  private static Predicate<String> pattern(@Nullable String asked) {
    if (asked == null || asked.isEmpty()) {
      return id -> true;
    }
    Pattern pattern = Pattern.compile(asked);
    return pattern::matches;
  }

  private static ListTransactionsResponseData merged(List<ListTransactionsResponseData> parts) {
    ListTransactionsResponseData all = new ListTransactionsResponseData();
    for (ListTransactionsResponseData part : parts) {
      if (part.errorCode() != Errors.NONE.code()) {
        return part;
      }
      all.transactionStates().addAll(part.transactionStates());
    }
    return all;
  }

  private static <T, R> CompletableFuture<R> gather(
      List<CompletableFuture<T>> parts, Function<List<T>, R> join) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done -> join.apply(parts.stream().map(CompletableFuture::join).toList()));
  }
}

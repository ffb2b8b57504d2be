package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.CoordinatorLog;
import io.tidemark.metadata.coordinator.CoordinatorMeters;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.CoordinatorShell;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Consumer groups and their committed offsets on this node's partitions of __consumer_offsets:
 * finds the partition of a group, asks its core, and gives the answer the form of the request's
 * version.
 *
 * <p>Takes and gives Kafka's own data classes; the answers always complete, errors inside. Whether
 * the sender may do what it asks is the caller's matter. All methods are safe from any thread and
 * return at once. Closed by the wiring, before the log it stands on.
 */
public final class GroupCoordinator implements AutoCloseable {
  private static final int MEMBER_LIST_VERSION = 3;
  private static final int NULLABLE_PROTOCOL_VERSION = 7;
  private static final int MANDATORY_PROTOCOL_VERSION = 5;
  private static final int GROUP_LIST_VERSION = 8;

  /** From this version of TxnOffsetCommit clients know TRANSACTION_ABORTABLE. */
  private static final int ABORTABLE_ERROR_VERSION = 4;

  /** Room for what a batch adds to its records. */
  private static final int BATCH_OVERHEAD_BYTES = 256;

  private final GroupConfig config;
  private final CoordinatorLog log;
  private final TopicDirectory topics;
  private final IntSupplier partitionCount;
  private final CoordinatorPlatform platform;
  private final MemberIds ids;
  private final GroupMeters groupMeters;
  private final CoordinatorMeters meters;
  private final Map<Integer, CoordinatorShell<GroupCore>> shells = new ConcurrentHashMap<>();

  /** Volatile because elections are told by another thread than the one that closes. */
  private volatile boolean closed;

  /**
   * @param partitionCount the partitions of __consumer_offsets, 0 as long as it does not exist
   */
  public GroupCoordinator(
      GroupConfig config,
      CoordinatorLog log,
      TopicDirectory topics,
      IntSupplier partitionCount,
      CoordinatorPlatform platform) {
    this.config = config;
    this.log = log;
    this.topics = topics;
    this.partitionCount = partitionCount;
    this.platform = platform;
    this.ids = new MemberIds(platform.random());
    this.groupMeters = new GroupMeters(platform.meters());
    this.meters = new CoordinatorMeters(platform.meters(), "group");
  }

  // ---------------------------------------------------------------- the node tells

  /** This node leads the partition from now on: loads it and then serves its groups. */
  public void onElected(int partition, int leaderEpoch) {
    if (!closed) {
      shells.computeIfAbsent(partition, this::newShell).elected(leaderEpoch);
    }
  }

  /**
   * This node leads the partition no longer, in this epoch or any before. {@link
   * CoordinatorShell#NO_REPLICA} when its replica is gone: one that comes later may have lower
   * epochs.
   */
  public void onResigned(int partition, int leaderEpoch) {
    CoordinatorShell<GroupCore> shell = shells.get(partition);
    if (shell != null) {
      shell.resigned(leaderEpoch);
    }
  }

  /**
   * These topics are gone: what was committed for them goes too. May be told more than once, and
   * need not be told to whoever coordinates no group at that moment.
   */
  public void onTopicsDeleted(Collection<KnownTopic> deleted) {
    List<KnownTopic> copy = List.copyOf(deleted);
    shells
        .values()
        .forEach(shell -> shell.tell((core, turn) -> core.deletions.topicsDeleted(turn, copy)));
  }

  @Override
  public void close() {
    closed = true;
    shells.values().forEach(CoordinatorShell::close);
  }

  /** Lets a test look at a partition's core, on its lane. */
  void inspect(int partition, Consumer<GroupCore> look) {
    CoordinatorShell<GroupCore> shell = shells.get(partition);
    if (shell != null) {
      shell.tell((core, turn) -> look.accept(core));
    }
  }

  private CoordinatorShell<GroupCore> newShell(int partition) {
    return new CoordinatorShell<>(
        "Group coordinator " + partition,
        partition,
        config.commitTimeoutMs(),
        log,
        platform,
        meters,
        leaderEpoch ->
            new GroupCore(
                config,
                log.maxBatchBytes(partition) - BATCH_OVERHEAD_BYTES,
                topics,
                ids,
                groupMeters));
  }

  // ---------------------------------------------------------------- where a group is

  /**
   * The partition of __consumer_offsets that has the group, as Kafka computes it; −1 without the
   * topic.
   */
  public int partitionFor(String groupId) {
    int count = partitionCount.getAsInt();
    return count == 0 ? -1 : Utils.abs(groupId.hashCode()) % count;
  }

  private <T> CompletableFuture<T> ask(
      @Nullable String groupId,
      Function<Errors, T> refusal,
      CoordinatorShell.Question<GroupCore, T> question) {
    if (groupId == null) {
      return CompletableFuture.completedFuture(refusal.apply(Errors.INVALID_GROUP_ID));
    }
    int partition = partitionFor(groupId);
    if (partition < 0) {
      return CompletableFuture.completedFuture(refusal.apply(Errors.COORDINATOR_NOT_AVAILABLE));
    }
    CoordinatorShell<GroupCore> shell = shells.get(partition);
    if (shell == null) {
      return CompletableFuture.completedFuture(refusal.apply(Errors.NOT_COORDINATOR));
    }
    return shell.ask(new Answer<>(error -> refusal.apply(shown(error))), question);
  }

  /** As {@link #ask}, for what needs a group id that is not empty. */
  private <T> CompletableFuture<T> askNamed(
      @Nullable String groupId,
      Function<Errors, T> refusal,
      CoordinatorShell.Question<GroupCore, T> question) {
    return ask(groupId == null || groupId.isEmpty() ? null : groupId, refusal, question);
  }

  /**
   * A commit that takes too long is none of the client's errors: it shall look again where to ask.
   */
  private static Errors shown(Errors error) {
    return error == Errors.REQUEST_TIMED_OUT ? Errors.COORDINATOR_NOT_AVAILABLE : error;
  }

  // ---------------------------------------------------------------- members

  public CompletableFuture<JoinGroupResponseData> joinGroup(
      ClientContext client, JoinGroupRequestData request) {
    return GroupCoordinator.<JoinGroupResponseData>inForm(
        askNamed(
            request.groupId(),
            error -> Responses.joinRefused(request.memberId(), error),
            (core, turn, answer) -> core.joins.join(turn, client, request, answer)),
        response -> {
          if (client.apiVersion() < NULLABLE_PROTOCOL_VERSION && response.protocolName() == null) {
            response.setProtocolName("");
          }
          return response;
        });
  }

  public CompletableFuture<SyncGroupResponseData> syncGroup(
      ClientContext client, SyncGroupRequestData request) {
    boolean namesProtocol = request.protocolType() != null && request.protocolName() != null;
    if (client.apiVersion() >= MANDATORY_PROTOCOL_VERSION && !namesProtocol) {
      return CompletableFuture.completedFuture(
          Responses.syncRefused(Errors.INCONSISTENT_GROUP_PROTOCOL));
    }
    return askNamed(
        request.groupId(),
        Responses::syncRefused,
        (core, turn, answer) -> core.syncs.sync(turn, request, answer));
  }

  /** While the group is being loaded every heartbeat is good: nobody can tell yet. */
  public CompletableFuture<HeartbeatResponseData> heartbeat(
      ClientContext client, HeartbeatRequestData request) {
    return askNamed(
        request.groupId(),
        error ->
            new HeartbeatResponseData()
                .setErrorCode(
                    error == Errors.COORDINATOR_LOAD_IN_PROGRESS
                        ? Errors.NONE.code()
                        : error.code()),
        (core, turn, answer) -> core.sessions.heartbeat(turn, request, answer));
  }

  public CompletableFuture<LeaveGroupResponseData> leaveGroup(
      ClientContext client, LeaveGroupRequestData request) {
    LeaveGroupRequestData listed =
        client.apiVersion() >= MEMBER_LIST_VERSION || !request.members().isEmpty()
            ? request
            : new LeaveGroupRequestData()
                .setGroupId(request.groupId())
                .setMembers(List.of(new MemberIdentity().setMemberId(request.memberId())));
    return inForm(
        askNamed(
            request.groupId(),
            error -> new LeaveGroupResponseData().setErrorCode(error.code()),
            (core, turn, answer) -> core.leaves.leave(turn, listed, answer)),
        response ->
            client.apiVersion() >= MEMBER_LIST_VERSION || response.members().isEmpty()
                ? response
                : new LeaveGroupResponse(response, client.apiVersion()).data());
  }

  // ---------------------------------------------------------------- offsets

  public CompletableFuture<OffsetCommitResponseData> commitOffsets(
      ClientContext client, OffsetCommitRequestData request) {
    return ask(
        request.groupId(),
        error -> OffsetCommitRequest.getErrorResponse(request, error),
        (core, turn, answer) -> core.commits.commit(turn, client, request, answer));
  }

  public CompletableFuture<OffsetFetchResponseData> fetchOffsets(
      ClientContext client, OffsetFetchRequestData request) {
    List<CompletableFuture<OffsetFetchResponseGroup>> parts = new ArrayList<>();
    for (OffsetFetchRequestGroup group : groups(client, request)) {
      parts.add(
          ask(
              group.groupId(),
              error -> OffsetFetchResponse.groupError(group, error, client.apiVersion()),
              (core, turn, answer) ->
                  core.fetches.fetch(turn, client, group, request.requireStable(), answer)));
    }
    return gather(
        parts, found -> new OffsetFetchResponse.Builder(found).build(client.apiVersion()).data());
  }

  private static List<OffsetFetchRequestGroup> groups(
      ClientContext client, OffsetFetchRequestData request) {
    if (client.apiVersion() >= GROUP_LIST_VERSION) {
      return request.groups();
    }
    OffsetFetchRequestGroup only = new OffsetFetchRequestGroup().setGroupId(request.groupId());
    only.setTopics(
        request.topics() == null
            ? null
            : request.topics().stream()
                .map(topic ->
                    new OffsetFetchRequestTopics()
                        .setName(topic.name())
                        .setPartitionIndexes(topic.partitionIndexes()))
                .toList());
    return List.of(only);
  }

  public CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
      ClientContext client, OffsetDeleteRequestData request) {
    return askNamed(
        request.groupId(),
        error -> new OffsetDeleteResponseData().setErrorCode(error.code()),
        (core, turn, answer) -> core.deletions.deleteOffsets(turn, request, answer));
  }

  // ---------------------------------------------------------------- transactions

  /** Commits offsets that count once the producer's transaction is committed. */
  public CompletableFuture<TxnOffsetCommitResponseData> commitOffsetsInTransaction(
      ClientContext client, TxnOffsetCommitRequestData request, OpenTransactions transactions) {
    TransactionalProducer producer =
        new TransactionalProducer(request.producerId(), request.producerEpoch());
    int partition = partitionFor(request.groupId());
    Optional<Errors> fenced = partition < 0 ? Optional.empty() : log.refuses(partition, producer);
    if (fenced.isPresent()) {
      return CompletableFuture.completedFuture(refused(client, request, fenced.get()));
    }
    return this.<TransactionalCommits.Begun>askNamed(
            request.groupId(),
            error -> new TransactionalCommits.Begun(error, Optional.empty()),
            (core, turn, answer) -> core.transactions.begin(turn, producer, answer))
        .thenCompose(begun ->
            begun.error() == Errors.NONE
                ? admitted(client, request, producer, begun, transactions)
                : CompletableFuture.completedFuture(refused(client, request, begun.error())));
  }

  private CompletableFuture<TxnOffsetCommitResponseData> admitted(
      ClientContext client,
      TxnOffsetCommitRequestData request,
      TransactionalProducer producer,
      TransactionalCommits.Begun begun,
      OpenTransactions transactions) {
    int partition = partitionFor(request.groupId());
    boolean adds =
        client.apiVersion() > TxnOffsetCommitRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2;
    CompletableFuture<Errors> admission =
        begun.ticket().isEmpty()
            ? CompletableFuture.completedFuture(Errors.NONE)
            : transactions.admit(request.transactionalId(), producer, partition, adds);
    return admission.thenCompose(error -> {
      if (error == Errors.NONE) {
        return askNamed(
            request.groupId(),
            refusal -> refused(client, request, refusal),
            (core, turn, answer) ->
                core.transactions.commit(turn, client, request, begun.ticket(), answer));
      }
      CoordinatorShell<GroupCore> shell = shells.get(partition);
      if (shell != null) {
        begun
            .ticket()
            .ifPresent(ticket -> shell.tell((core, turn) -> core.transactions.cancel(ticket)));
      }
      return CompletableFuture.completedFuture(refused(client, request, error));
    });
  }

  /** A client that knows how aborts its transaction instead of giving up. */
  private static TxnOffsetCommitResponseData refused(
      ClientContext client, TxnOffsetCommitRequestData request, Errors error) {
    boolean isAbortable =
        error == Errors.INVALID_TXN_STATE && client.apiVersion() >= ABORTABLE_ERROR_VERSION;
    return TxnOffsetCommitRequest.getErrorResponse(
        request, isAbortable ? Errors.TRANSACTION_ABORTABLE : error);
  }

  /**
   * Ends a producer's transaction on a partition: what it committed counts, or is forgotten.
   *
   * @return NONE once the marker is committed; never fails
   */
  public CompletableFuture<Errors> endTransaction(int partition, TransactionEnd end) {
    CoordinatorShell<GroupCore> shell = shells.get(partition);
    if (shell == null) {
      return CompletableFuture.completedFuture(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    Optional<Errors> refusal = log.refuses(partition, end);
    return refusal.isPresent()
        ? CompletableFuture.completedFuture(refusal.get())
        : shell.ask(
            new Answer<>(Function.identity()),
            (core, turn, answer) -> core.transactions.end(turn, end, answer));
  }

  // ---------------------------------------------------------------- groups

  public CompletableFuture<DescribeGroupsResponseData> describeGroups(
      ClientContext client, DescribeGroupsRequestData request) {
    return gather(
        askEach(
            request.groups(),
            (groupId, error) -> new DescribedGroup().setGroupId(groupId).setErrorCode(error.code()),
            ids -> (core, turn, answer) -> core.queries.describe(turn, client, ids, answer)),
        described -> new DescribeGroupsResponseData().setGroups(flat(described)));
  }

  public CompletableFuture<DeleteGroupsResponseData> deleteGroups(
      ClientContext client, DeleteGroupsRequestData request) {
    return gather(
        askEach(
            request.groupsNames(),
            Deletions::result,
            ids -> (core, turn, answer) -> core.deletions.deleteGroups(turn, ids, answer)),
        deleted ->
            new DeleteGroupsResponseData()
                .setResults(new DeletableGroupResultCollection(flat(deleted).iterator())));
  }

  /** Groups of partitions this node does not lead are listed by others. */
  public CompletableFuture<ListGroupsResponseData> listGroups(
      ClientContext client, ListGroupsRequestData request) {
    List<CompletableFuture<ListGroupsResponseData>> parts = new ArrayList<>();
    for (CoordinatorShell<GroupCore> shell : shells.values()) {
      parts.add(
          shell.ask(
              new Answer<>(error ->
                  new ListGroupsResponseData()
                      .setErrorCode(
                          error == Errors.NOT_COORDINATOR
                              ? Errors.NONE.code()
                              : shown(error).code())),
              (core, turn, to) -> core.queries.list(turn, request, to)));
    }
    return gather(parts, GroupCoordinator::merged);
  }

  /**
   * How far the groups of this node's partitions have read. What is being loaded at that moment is
   * not among them.
   */
  public CompletableFuture<List<GroupProgress>> progress() {
    List<CompletableFuture<List<GroupProgress>>> parts = new ArrayList<>();
    for (CoordinatorShell<GroupCore> shell : shells.values()) {
      parts.add(
          shell.ask(
              new Answer<>(error -> List.<GroupProgress>of()),
              (core, turn, to) -> turn.answer(to, core.ledger().progress())));
    }
    return gather(parts, GroupCoordinator::flat);
  }

  private static ListGroupsResponseData merged(List<ListGroupsResponseData> parts) {
    ListGroupsResponseData all = new ListGroupsResponseData();
    for (ListGroupsResponseData part : parts) {
      if (part.errorCode() != Errors.NONE.code()) {
        return part;
      }
      all.groups().addAll(part.groups());
    }
    return all;
  }

  // ---------------------------------------------------------------- asking several

  /** Asks every partition for its share of the groups. */
  private <T> List<CompletableFuture<List<T>>> askEach(
      List<String> groupIds,
      BiFunction<String, Errors, T> refusal,
      Function<List<String>, CoordinatorShell.Question<GroupCore, List<T>>> question) {
    Map<Integer, Set<String>> shares = new LinkedHashMap<>();
    List<CompletableFuture<List<T>>> parts = new ArrayList<>();
    for (String groupId : groupIds) {
      shares.computeIfAbsent(partitionFor(groupId), p -> new LinkedHashSet<>()).add(groupId);
    }
    for (Set<String> each : shares.values()) {
      List<String> share = List.copyOf(each);
      parts.add(
          ask(
              share.getFirst(),
              error -> share.stream().map(groupId -> refusal.apply(groupId, error)).toList(),
              question.apply(share)));
    }
    return parts;
  }

  private static <T> List<T> flat(List<List<T>> parts) {
    List<T> all = new ArrayList<>();
    parts.forEach(all::addAll);
    return all;
  }

  private static <T, R> CompletableFuture<R> gather(
      List<CompletableFuture<T>> parts, Function<List<T>, R> join) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done -> join.apply(parts.stream().map(CompletableFuture::join).toList()));
  }

  private static <T> CompletableFuture<T> inForm(
      CompletableFuture<T> response, Function<T, T> form) {
    return response.thenApply(form);
  }
}

package io.tidemark.gateway.forward;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.forward.Routes.Coordinated;
import io.tidemark.gateway.forward.Routes.Nowhere;
import io.tidemark.gateway.forward.Routes.Route;
import io.tidemark.gateway.net.Request;
import java.util.function.Function;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a gateway passes on: everything about partitions but reads of the bucket, and everything of
 * coordinators. In the versions that nodes serve.
 */
public final class ForwardApis {
  private static final short OLDEST_FETCH_OF_GROUPS = 8;
  private static final short OLDEST_ADD_OF_TRANSACTIONS = 4;

  private final Forwarder forwarder;
  private final Routes routes;

  public ForwardApis(Forwarder forwarder, Routes routes) {
    this.forwarder = forwarder;
    this.routes = routes;
  }

  public void addTo(ApiTable.Builder apis) {
    serveData(apis);
    serveGroups(apis);
    serveTransactions(apis);
  }

  private void serveData(ApiTable.Builder apis) {
    apis.serve(
            ApiKeys.PRODUCE,
            0,
            3,
            13,
            new SplitForward<>(
                forwarder,
                PartitionSplits.produce(),
                routes::leader,
                new ProducedLeaders(routes)::show))
        .serve(ApiKeys.LIST_OFFSETS, 1, 11, toLeaders(PartitionSplits.listOffsets()))
        .serve(
            ApiKeys.OFFSET_FOR_LEADER_EPOCH,
            2,
            4,
            toLeaders(PartitionSplits.offsetForLeaderEpoch()))
        .serve(ApiKeys.DELETE_RECORDS, 0, 2, toLeaders(PartitionSplits.deleteRecords()))
        .serve(ApiKeys.DESCRIBE_PRODUCERS, 0, 0, toLeaders(PartitionSplits.describeProducers()))
        .serve(ApiKeys.DESCRIBE_LOG_DIRS, 1, 5, describeLogDirs());
  }

  private ApiHandler describeLogDirs() {
    return new SplitForward<>(
        forwarder,
        ListSplits.logDirs(routes::brokers),
        Routes.To::new,
        ShownLogDirs::name,
        new ShownLogDirs(routes)::show);
  }

  private void serveGroups(ApiTable.Builder apis) {
    apis.serve(
            ApiKeys.JOIN_GROUP,
            0,
            9,
            toGroup(JoinGroupRequestData.class, JoinGroupRequestData::groupId))
        .serve(
            ApiKeys.SYNC_GROUP,
            0,
            5,
            toGroup(SyncGroupRequestData.class, SyncGroupRequestData::groupId))
        .serve(
            ApiKeys.HEARTBEAT,
            0,
            4,
            toGroup(HeartbeatRequestData.class, HeartbeatRequestData::groupId))
        .serve(
            ApiKeys.LEAVE_GROUP,
            0,
            5,
            toGroup(LeaveGroupRequestData.class, LeaveGroupRequestData::groupId))
        .serve(
            ApiKeys.OFFSET_COMMIT,
            2,
            10,
            toGroup(OffsetCommitRequestData.class, OffsetCommitRequestData::groupId))
        .serve(ApiKeys.OFFSET_FETCH, 1, 10, fetchOffsets())
        .serve(ApiKeys.DESCRIBE_GROUPS, 0, 6, toGroups(KeySplits.describeGroups()))
        .serve(ApiKeys.LIST_GROUPS, 0, 5, listGroups())
        .serve(ApiKeys.DELETE_GROUPS, 0, 3, toGroups(KeySplits.deleteGroups()))
        .serve(
            ApiKeys.OFFSET_DELETE,
            0,
            0,
            toGroup(OffsetDeleteRequestData.class, OffsetDeleteRequestData::groupId));
  }

  private ApiHandler fetchOffsets() {
    ApiHandler ofOne = toGroup(OffsetFetchRequestData.class, OffsetFetchRequestData::groupId);
    ApiHandler ofMany = toGroups(KeySplits.fetchOffsets());
    return (request, responder) ->
        (request.apiVersion() < OLDEST_FETCH_OF_GROUPS ? ofOne : ofMany).handle(request, responder);
  }

  /** Each gateway lists what clients believe it coordinates, so that nothing is listed twice. */
  private ApiHandler listGroups() {
    return new SplitForward<>(
        forwarder,
        ListSplits.groups(routes::brokers),
        Routes.To::new,
        (Request request, ListGroupsResponseData answer) ->
            answer.setGroups(
                answer.groups().stream()
                    .filter(group ->
                        routes.seemsToCoordinate(
                            Coordinated.GROUP, group.groupId(), request.listenerName()))
                    .toList()));
  }

  private void serveTransactions(ApiTable.Builder apis) {
    apis.serve(ApiKeys.INIT_PRODUCER_ID, 0, 5, initProducerId())
        .serve(ApiKeys.ADD_PARTITIONS_TO_TXN, 0, 5, addPartitions())
        .serve(
            ApiKeys.ADD_OFFSETS_TO_TXN,
            0,
            4,
            toTransaction(
                AddOffsetsToTxnRequestData.class, AddOffsetsToTxnRequestData::transactionalId))
        .serve(
            ApiKeys.TXN_OFFSET_COMMIT,
            0,
            6,
            toGroup(TxnOffsetCommitRequestData.class, TxnOffsetCommitRequestData::groupId))
        .serve(
            ApiKeys.END_TXN,
            0,
            5,
            toTransaction(EndTxnRequestData.class, EndTxnRequestData::transactionalId))
        .serve(
            ApiKeys.WRITE_TXN_MARKERS,
            1,
            2,
            new WholeForward(forwarder, this::leaderOfFirstMarker, Errors.NOT_LEADER_OR_FOLLOWER))
        .serve(
            ApiKeys.DESCRIBE_TRANSACTIONS,
            0,
            0,
            new SplitForward<>(
                forwarder,
                KeySplits.describeTransactions(),
                key -> routes.coordinator(Coordinated.TRANSACTION, key)))
        .serve(ApiKeys.LIST_TRANSACTIONS, 0, 2, listTransactions());
  }

  /**
   * Ids without a transaction any node gives out. Who wants one has no coordinator to look for, so
   * it is told to ask again, and nothing of coordinators that are elsewhere.
   */
  private ApiHandler initProducerId() {
    ApiHandler ofTransaction =
        toTransaction(InitProducerIdRequestData.class, InitProducerIdRequestData::transactionalId);
    ApiHandler ofAny =
        new WholeForward(
            forwarder,
            request -> routes.any(request.connection()),
            Errors.COORDINATOR_LOAD_IN_PROGRESS);
    return (request, responder) -> {
      String id = ((InitProducerIdRequestData) request.body().data()).transactionalId();
      (id == null ? ofAny : ofTransaction).handle(request, responder);
    };
  }

  private ApiHandler addPartitions() {
    ApiHandler ofOne =
        toTransaction(
            AddPartitionsToTxnRequestData.class,
            AddPartitionsToTxnRequestData::v3AndBelowTransactionalId);
    ApiHandler ofMany =
        new SplitForward<>(
            forwarder,
            KeySplits.addPartitions(),
            key -> routes.coordinator(Coordinated.TRANSACTION, key));
    return (request, responder) ->
        (request.apiVersion() < OLDEST_ADD_OF_TRANSACTIONS ? ofOne : ofMany)
            .handle(request, responder);
  }

  private ApiHandler listTransactions() {
    return new SplitForward<>(
        forwarder,
        ListSplits.transactions(routes::brokers),
        Routes.To::new,
        (Request request, ListTransactionsResponseData answer) ->
            answer.setTransactionStates(
                answer.transactionStates().stream()
                    .filter(state ->
                        routes.seemsToCoordinate(
                            Coordinated.TRANSACTION,
                            state.transactionalId(),
                            request.listenerName()))
                    .toList()));
  }

  /** Of others it says itself that it does not lead them, as any node asked for them would. */
  private Route leaderOfFirstMarker(Request request) {
    WriteTxnMarkersRequestData body = (WriteTxnMarkersRequestData) request.body().data();
    return body.markers().stream()
        .flatMap(marker -> marker.topics().stream())
        .flatMap(topic ->
            topic.partitionIndexes().stream()
                .map(index -> PartitionPart.named(topic.name(), index)))
        .findFirst()
        .map(routes::leader)
        .orElseGet(() -> new Nowhere(Errors.INVALID_REQUEST));
  }

  private <Q extends ApiMessage, A extends ApiMessage> ApiHandler toLeaders(
      SplitApi<PartitionPart, Q, A> api) {
    return new SplitForward<>(forwarder, api, routes::leader);
  }

  private <Q extends ApiMessage, A extends ApiMessage> ApiHandler toGroups(
      SplitApi<String, Q, A> api) {
    return new SplitForward<>(forwarder, api, key -> routes.coordinator(Coordinated.GROUP, key));
  }

  private <Q extends ApiMessage> ApiHandler toGroup(Class<Q> type, Function<Q, String> id) {
    return toCoordinator(Coordinated.GROUP, type, id);
  }

  private <Q extends ApiMessage> ApiHandler toTransaction(Class<Q> type, Function<Q, String> id) {
    return toCoordinator(Coordinated.TRANSACTION, type, id);
  }

  private <Q extends ApiMessage> ApiHandler toCoordinator(
      Coordinated kind, Class<Q> type, Function<Q, String> id) {
    return new WholeForward(
        forwarder,
        request -> routes.coordinator(kind, id.apply(type.cast(request.body().data()))),
        Errors.NOT_COORDINATOR);
  }
}

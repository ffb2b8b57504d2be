package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.coordinator.group.ClientContext;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.SyncGroupRequest;

/**
 * The APIs of classic consumer groups, which the group coordinator answers in the protocol's own
 * words.
 *
 * <p>Requests that keep byte fields (subscriptions, assignments) have had them copied out of the
 * frame by kafka-clients, so the frame may go.
 */
public final class GroupHandlers {
  private final GroupCoordinator coordinator;

  public GroupHandlers(GroupCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  public void join(Request request, Responder responder) {
    answer(
        coordinator.joinGroup(client(request), ((JoinGroupRequest) request.body()).data()),
        request,
        responder);
  }

  public void sync(Request request, Responder responder) {
    answer(
        coordinator.syncGroup(client(request), ((SyncGroupRequest) request.body()).data()),
        request,
        responder);
  }

  public void heartbeat(Request request, Responder responder) {
    answer(
        coordinator.heartbeat(client(request), ((HeartbeatRequest) request.body()).data()),
        request,
        responder);
  }

  public void leave(Request request, Responder responder) {
    LeaveGroupRequest body = (LeaveGroupRequest) request.body();
    answer(coordinator.leaveGroup(client(request), body.data()), request, responder);
  }

  public void commitOffsets(Request request, Responder responder) {
    OffsetCommitRequest body = (OffsetCommitRequest) request.body();
    answer(coordinator.commitOffsets(client(request), body.data()), request, responder);
  }

  public void fetchOffsets(Request request, Responder responder) {
    OffsetFetchRequest body = (OffsetFetchRequest) request.body();
    answer(coordinator.fetchOffsets(client(request), body.data()), request, responder);
  }

  public void describe(Request request, Responder responder) {
    DescribeGroupsRequest body = (DescribeGroupsRequest) request.body();
    boolean withOperations = body.data().includeAuthorizedOperations();
    CompletableFuture<DescribeGroupsResponseData> described =
        coordinator.describeGroups(client(request), body.data());
    answer(
        described.thenApply(groups -> withOperations ? addOperations(groups) : groups),
        request,
        responder);
  }

  public void list(Request request, Responder responder) {
    answer(
        coordinator.listGroups(client(request), ((ListGroupsRequest) request.body()).data()),
        request,
        responder);
  }

  public void delete(Request request, Responder responder) {
    DeleteGroupsRequest body = (DeleteGroupsRequest) request.body();
    answer(coordinator.deleteGroups(client(request), body.data()), request, responder);
  }

  public void deleteOffsets(Request request, Responder responder) {
    OffsetDeleteRequest body = (OffsetDeleteRequest) request.body();
    answer(coordinator.deleteOffsets(client(request), body.data()), request, responder);
  }

  private static DescribeGroupsResponseData addOperations(DescribeGroupsResponseData groups) {
    groups.groups().stream()
        .filter(group -> group.errorCode() == Errors.NONE.code())
        .forEach(group -> group.setAuthorizedOperations(AuthorisedOperations.GROUP));
    return groups;
  }

  private static void answer(
      CompletableFuture<? extends ApiMessage> answer, Request request, Responder responder) {
    Answers.when(answer, request, responder);
  }

  static ClientContext client(Request request) {
    String clientId = request.header().clientId();
    return new ClientContext(
        clientId == null ? "" : clientId, request.clientAddress().toString(), request.apiVersion());
  }
}

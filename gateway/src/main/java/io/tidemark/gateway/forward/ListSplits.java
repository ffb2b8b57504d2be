package io.tidemark.gateway.forward;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Lists that every node has a part of. The answer has the whole list or an error, for a client
 * would take a part for all there is; the error of coordinators is the one that makes it ask again.
 */
final class ListSplits {
  private ListSplits() {}

  /**
   * @param nodes those that are asked
   */
  static SplitApi<Integer, ListGroupsRequestData, ListGroupsResponseData> groups(
      Supplier<List<Integer>> nodes) {
    return everywhere(
        ListGroupsRequestData.class,
        ListGroupsResponseData.class,
        nodes,
        (answer, more) ->
            answer
                .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
                .setErrorCode(worse(answer.errorCode(), more.errorCode()))
                .setGroups(SplitApi.both(answer.groups(), more.groups())));
  }

  static SplitApi<Integer, ListTransactionsRequestData, ListTransactionsResponseData> transactions(
      Supplier<List<Integer>> nodes) {
    return everywhere(
        ListTransactionsRequestData.class,
        ListTransactionsResponseData.class,
        nodes,
        (answer, more) ->
            answer
                .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
                .setErrorCode(worse(answer.errorCode(), more.errorCode()))
                .setTransactionStates(
                    SplitApi.both(answer.transactionStates(), more.transactionStates())));
  }

  /** Nobody coordinates directories: the error says which way the node could not be asked. */
  static SplitApi<Integer, DescribeLogDirsRequestData, DescribeLogDirsResponseData> logDirs(
      Supplier<List<Integer>> nodes) {
    return new SplitApi<>(
        DescribeLogDirsRequestData.class,
        DescribeLogDirsResponseData.class,
        request -> nodes.get(),
        (request, isKept) -> request,
        (answer, more) ->
            answer
                .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
                .setErrorCode(worse(answer.errorCode(), more.errorCode()))
                .setResults(SplitApi.both(answer.results(), more.results())),
        Errors.BROKER_NOT_AVAILABLE,
        Errors.NETWORK_EXCEPTION);
  }

  private static <Q extends ApiMessage, A extends ApiMessage> SplitApi<Integer, Q, A> everywhere(
      Class<Q> requestType,
      Class<A> answerType,
      Supplier<List<Integer>> nodes,
      BiConsumer<A, A> join) {
    return new SplitApi<>(
        requestType,
        answerType,
        request -> nodes.get(),
        (request, isKept) -> request,
        join,
        Errors.COORDINATOR_LOAD_IN_PROGRESS,
        Errors.COORDINATOR_LOAD_IN_PROGRESS);
  }

  private static short worse(short first, short second) {
    return first == Errors.NONE.code() ? second : first;
  }
}

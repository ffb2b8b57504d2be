package io.tidemark.gateway.forward;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Requests that ask coordinators about several groups or transactional ids. Clients take
 * NOT_COORDINATOR for a reason to look for the coordinator again, and of a network's error in such
 * an answer they know nothing, so a lost answer ends their connection.
 */
final class KeySplits {
  private KeySplits() {}

  static SplitApi<String, DescribeGroupsRequestData, DescribeGroupsResponseData> describeGroups() {
    return keyed(
        DescribeGroupsRequestData.class,
        DescribeGroupsResponseData.class,
        DescribeGroupsRequestData::groups,
        (request, isKept) -> request.duplicate().setGroups(kept(request.groups(), isKept)),
        (answer, more) ->
            answer
                .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
                .setGroups(SplitApi.both(answer.groups(), more.groups())));
  }

  static SplitApi<String, DeleteGroupsRequestData, DeleteGroupsResponseData> deleteGroups() {
    return keyed(
        DeleteGroupsRequestData.class,
        DeleteGroupsResponseData.class,
        DeleteGroupsRequestData::groupsNames,
        (request, isKept) ->
            request.duplicate().setGroupsNames(kept(request.groupsNames(), isKept)),
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          more.results().forEach(result -> answer.results().add(result.duplicate()));
        });
  }

  /** From version 8 on. */
  static SplitApi<String, OffsetFetchRequestData, OffsetFetchResponseData> fetchOffsets() {
    return keyed(
        OffsetFetchRequestData.class,
        OffsetFetchResponseData.class,
        request -> request.groups().stream().map(group -> group.groupId()).toList(),
        (request, isKept) -> {
          OffsetFetchRequestData copy = request.duplicate();
          copy.groups().removeIf(group -> !isKept.test(group.groupId()));
          return copy;
        },
        (answer, more) ->
            answer
                .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
                .setGroups(SplitApi.both(answer.groups(), more.groups())));
  }

  static SplitApi<String, DescribeTransactionsRequestData, DescribeTransactionsResponseData>
      describeTransactions() {
    return keyed(
        DescribeTransactionsRequestData.class,
        DescribeTransactionsResponseData.class,
        DescribeTransactionsRequestData::transactionalIds,
        (request, isKept) ->
            request.duplicate().setTransactionalIds(kept(request.transactionalIds(), isKept)),
        (answer, more) ->
            answer
                .setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()))
                .setTransactionStates(
                    SplitApi.both(answer.transactionStates(), more.transactionStates())));
  }

  /** From version 4 on. */
  static SplitApi<String, AddPartitionsToTxnRequestData, AddPartitionsToTxnResponseData>
      addPartitions() {
    return keyed(
        AddPartitionsToTxnRequestData.class,
        AddPartitionsToTxnResponseData.class,
        request -> request.transactions().stream().map(each -> each.transactionalId()).toList(),
        (request, isKept) -> {
          AddPartitionsToTxnRequestData copy = request.duplicate();
          copy.transactions().removeIf(each -> !isKept.test(each.transactionalId()));
          return copy;
        },
        (answer, more) -> {
          answer.setThrottleTimeMs(Math.max(answer.throttleTimeMs(), more.throttleTimeMs()));
          more.resultsByTransaction()
              .forEach(result -> answer.resultsByTransaction().add(result.duplicate()));
        });
  }

  private static <Q extends ApiMessage, A extends ApiMessage> SplitApi<String, Q, A> keyed(
      Class<Q> requestType,
      Class<A> answerType,
      Function<Q, List<String>> keys,
      BiFunction<Q, Predicate<String>, Q> only,
      BiConsumer<A, A> join) {
    return new SplitApi<>(
        requestType, answerType, keys, only, join, Errors.NOT_COORDINATOR, Errors.NONE);
  }

  private static List<String> kept(List<String> keys, Predicate<String> isKept) {
    return keys.stream().filter(isKept).toList();
  }
}

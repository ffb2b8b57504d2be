package io.tidemark.gateway.security.guard;

import static io.tidemark.gateway.security.guard.Guard.amended;
import static io.tidemark.gateway.security.guard.Guard.takeOut;
import static io.tidemark.gateway.security.guard.Guard.with;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Transactions as administrators see them: one by one, and only topics that may be described. */
final class TransactionGuards {
  private TransactionGuards() {}

  static void describe(Request request, Responder responder, ApiHandler next) {
    DescribeTransactionsRequestData data = (DescribeTransactionsRequestData) request.body().data();
    Access access = request.access();
    List<String> forbidden = takeOut(data.transactionalIds(), id -> !mayDescribe(access, id));
    amended(
        request,
        responder,
        next,
        DescribeTransactionsResponseData.class,
        answer -> {
          for (TransactionState state : answer.transactionStates()) {
            state
                .topics()
                .removeIf(topic -> !access.mayOnTopic(AclOperation.DESCRIBE, topic.topic()));
          }
          answer.setTransactionStates(
              with(
                  answer.transactionStates(),
                  forbidden,
                  id ->
                      new TransactionState()
                          .setTransactionalId(id)
                          .setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code())));
        });
  }

  static void list(Request request, Responder responder, ApiHandler next) {
    Access access = request.access();
    amended(
        request,
        responder,
        next,
        ListTransactionsResponseData.class,
        answer ->
            answer.setTransactionStates(
                answer.transactionStates().stream()
                    .filter(state -> mayDescribe(access, state.transactionalId()))
                    .toList()));
  }

  private static boolean mayDescribe(Access access, String id) {
    return access.may(AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, id);
  }
}

package io.tidemark.gateway.security.guard;

import static io.tidemark.gateway.security.guard.Guard.amended;
import static io.tidemark.gateway.security.guard.Guard.takeOut;
import static io.tidemark.gateway.security.guard.Guard.with;

import io.tidemark.gateway.api.ApiHandler;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Settings: of topics and groups by their own rights, of everything else by the cluster's. */
final class ConfigGuards {
  private ConfigGuards() {}

  static void describe(Request request, Responder responder, ApiHandler next) {
    DescribeConfigsRequestData data = (DescribeConfigsRequestData) request.body().data();
    List<Resource> forbidden =
        takeOutForbidden(
            request,
            AclOperation.DESCRIBE_CONFIGS,
            data.resources(),
            each -> new Resource(each.resourceType(), each.resourceName()));
    amended(
        request,
        responder,
        next,
        DescribeConfigsResponseData.class,
        answer ->
            answer.setResults(
                with(
                    answer.results(),
                    forbidden,
                    resource ->
                        new DescribeConfigsResult()
                            .setResourceType(resource.type)
                            .setResourceName(resource.name)
                            .setErrorCode(resource.error().code())
                            .setErrorMessage(resource.error().message()))));
  }

  static void alter(Request request, Responder responder, ApiHandler next) {
    AlterConfigsRequestData data = (AlterConfigsRequestData) request.body().data();
    List<Resource> forbidden =
        takeOutForbidden(
            request,
            AclOperation.ALTER_CONFIGS,
            data.resources(),
            each -> new Resource(each.resourceType(), each.resourceName()));
    amended(
        request,
        responder,
        next,
        AlterConfigsResponseData.class,
        answer ->
            answer.setResponses(
                with(
                    answer.responses(),
                    forbidden,
                    resource ->
                        new AlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(resource.type)
                            .setResourceName(resource.name)
                            .setErrorCode(resource.error().code())
                            .setErrorMessage(resource.error().message()))));
  }

  static void alterIncrementally(Request request, Responder responder, ApiHandler next) {
    IncrementalAlterConfigsRequestData data =
        (IncrementalAlterConfigsRequestData) request.body().data();
    List<Resource> forbidden =
        takeOutForbidden(
            request,
            AclOperation.ALTER_CONFIGS,
            data.resources(),
            each -> new Resource(each.resourceType(), each.resourceName()));
    amended(
        request,
        responder,
        next,
        IncrementalAlterConfigsResponseData.class,
        answer ->
            answer.setResponses(
                with(
                    answer.responses(),
                    forbidden,
                    resource ->
                        new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(resource.type)
                            .setResourceName(resource.name)
                            .setErrorCode(resource.error().code())
                            .setErrorMessage(resource.error().message()))));
  }

  private static <T> List<Resource> takeOutForbidden(
      Request request, AclOperation operation, Iterable<T> asked, Function<T, Resource> resource) {
    return takeOut(asked, each -> !resource.apply(each).isOpen(request.access(), operation))
        .stream()
        .map(resource)
        .toList();
  }

  /** Whose settings. */
  private record Resource(byte type, String name) {
    boolean isOpen(Access access, AclOperation operation) {
      return switch (ConfigResource.Type.forId(type)) {
        case TOPIC -> access.mayOnTopic(operation, name);
        case GROUP -> access.mayOnGroup(operation, name);
        case BROKER, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> access.mayOnCluster(operation);
      };
    }

    Errors error() {
      return switch (ConfigResource.Type.forId(type)) {
        case TOPIC -> Errors.TOPIC_AUTHORIZATION_FAILED;
        case GROUP -> Errors.GROUP_AUTHORIZATION_FAILED;
        case BROKER, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> Errors.CLUSTER_AUTHORIZATION_FAILED;
      };
    }
  }
}

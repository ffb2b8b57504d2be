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
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
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
    List<DescribeConfigsResource> forbidden =
        takeOut(
            data.resources(),
            resource ->
                !may(
                    request.access(),
                    AclOperation.DESCRIBE_CONFIGS,
                    resource.resourceType(),
                    resource.resourceName()));
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
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())
                            .setErrorCode(error(resource.resourceType()).code())
                            .setErrorMessage(error(resource.resourceType()).message()))));
  }

  static void alter(Request request, Responder responder, ApiHandler next) {
    AlterConfigsRequestData data = (AlterConfigsRequestData) request.body().data();
    List<AlterConfigsRequestData.AlterConfigsResource> forbidden =
        takeOut(
            data.resources(),
            resource ->
                !may(
                    request.access(),
                    AclOperation.ALTER_CONFIGS,
                    resource.resourceType(),
                    resource.resourceName()));
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
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())
                            .setErrorCode(error(resource.resourceType()).code())
                            .setErrorMessage(error(resource.resourceType()).message()))));
  }

  static void alterIncrementally(Request request, Responder responder, ApiHandler next) {
    IncrementalAlterConfigsRequestData data =
        (IncrementalAlterConfigsRequestData) request.body().data();
    List<IncrementalAlterConfigsRequestData.AlterConfigsResource> forbidden =
        takeOut(
            data.resources(),
            resource ->
                !may(
                    request.access(),
                    AclOperation.ALTER_CONFIGS,
                    resource.resourceType(),
                    resource.resourceName()));
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
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())
                            .setErrorCode(error(resource.resourceType()).code())
                            .setErrorMessage(error(resource.resourceType()).message()))));
  }

  private static boolean may(Access access, AclOperation operation, byte type, String name) {
    return switch (ConfigResource.Type.forId(type)) {
      case TOPIC -> access.mayOnTopic(operation, name);
      case GROUP -> access.mayOnGroup(operation, name);
      case BROKER, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> access.mayOnCluster(operation);
    };
  }

  private static Errors error(byte type) {
    return switch (ConfigResource.Type.forId(type)) {
      case TOPIC -> Errors.TOPIC_AUTHORIZATION_FAILED;
      case GROUP -> Errors.GROUP_AUTHORIZATION_FAILED;
      case BROKER, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> Errors.CLUSTER_AUTHORIZATION_FAILED;
    };
  }
}

package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeAclsResponseData.AclDescription;
import org.apache.kafka.common.message.DescribeAclsResponseData.DescribeAclsResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeAclsRequest;
import org.apache.kafka.common.resource.ResourcePattern;

/**
 * DescribeAcls, CreateAcls and DeleteAcls. Where nobody is held back there are no ACLs to speak of,
 * and all three say so, as Kafka's do.
 */
public final class AclHandlers {
  private static final String NO_AUTHORISER =
      "There is no authorisation: authorizer.class.name is not set";

  private final ClusterView cluster;
  private final Controller controller;
  private final boolean isOn;

  /**
   * @param isOn whether ACLs hold at all
   */
  public AclHandlers(ClusterView cluster, Controller controller, boolean isOn) {
    this.cluster = cluster;
    this.controller = controller;
    this.isOn = isOn;
  }

  public void describe(Request request, Responder responder) {
    if (refusedAsOff(request, responder)) {
      return;
    }
    AclBindingFilter filter = ((DescribeAclsRequest) request.body()).filter();
    if (filter.isUnknown()) {
      throw new InvalidRequestException("The filter names something unknown");
    }
    Map<ResourcePattern, List<AclBinding>> found =
        cluster
            .image()
            .security()
            .bindings()
            .filter(filter::matches)
            .collect(Collectors.groupingBy(AclBinding::pattern));
    DescribeAclsResponseData response = new DescribeAclsResponseData();
    found.forEach((pattern, acls) -> response.resources().add(resource(pattern, acls)));
    responder.respond(response);
  }

  private static DescribeAclsResource resource(ResourcePattern pattern, List<AclBinding> acls) {
    return new DescribeAclsResource()
        .setResourceType(pattern.resourceType().code())
        .setResourceName(pattern.name())
        .setPatternType(pattern.patternType().code())
        .setAcls(
            acls.stream()
                .map(acl ->
                    new AclDescription()
                        .setPrincipal(acl.entry().principal())
                        .setHost(acl.entry().host())
                        .setOperation(acl.entry().operation().code())
                        .setPermissionType(acl.entry().permissionType().code()))
                .toList());
  }

  public void create(Request request, Responder responder) {
    if (!refusedAsOff(request, responder)) {
      CreateAclsRequestData asked = (CreateAclsRequestData) request.body().data();
      Answers.when(controller.createAcls(asked), request, responder);
    }
  }

  public void delete(Request request, Responder responder) {
    if (!refusedAsOff(request, responder)) {
      DeleteAclsRequestData asked = (DeleteAclsRequestData) request.body().data();
      Answers.when(controller.deleteAcls(asked), request, responder);
    }
  }

  private boolean refusedAsOff(Request request, Responder responder) {
    if (!isOn) {
      Answers.failed(Errors.SECURITY_DISABLED.exception(NO_AUTHORISER), request, responder);
    }
    return !isOn;
  }
}

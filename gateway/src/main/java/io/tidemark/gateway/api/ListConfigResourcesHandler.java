package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;

/**
 * ListConfigResources: what there is that has settings. Version 0 asks for subscriptions of client
 * metrics only.
 */
public final class ListConfigResourcesHandler implements ApiHandler {
  private static final Set<ConfigResource.Type> KNOWN =
      EnumSet.of(
          ConfigResource.Type.TOPIC,
          ConfigResource.Type.BROKER,
          ConfigResource.Type.BROKER_LOGGER,
          ConfigResource.Type.GROUP,
          ConfigResource.Type.CLIENT_METRICS);

  private final ClusterView cluster;

  public ListConfigResourcesHandler(ClusterView cluster) {
    this.cluster = cluster;
  }

  @Override
  public void handle(Request request, Responder responder) {
    ListConfigResourcesRequest body = (ListConfigResourcesRequest) request.body();
    ClusterImage image = cluster.image();
    List<ListConfigResourcesResponseData.ConfigResource> resources = new ArrayList<>();
    for (ConfigResource.Type type : types(body, request.apiVersion())) {
      names(image, type)
          .map(name ->
              new ListConfigResourcesResponseData.ConfigResource()
                  .setResourceName(name)
                  .setResourceType(type.id()))
          .forEach(resources::add);
    }
    responder.respond(new ListConfigResourcesResponseData().setConfigResources(resources));
  }

  private static Set<ConfigResource.Type> types(ListConfigResourcesRequest body, short apiVersion) {
    if (apiVersion == 0) {
      return EnumSet.of(ConfigResource.Type.CLIENT_METRICS);
    }
    if (body.data().resourceTypes().isEmpty()) {
      return KNOWN;
    }
    Set<ConfigResource.Type> types = EnumSet.noneOf(ConfigResource.Type.class);
    body.data().resourceTypes().forEach(id -> types.add(ConfigResource.Type.forId(id)));
    if (!KNOWN.containsAll(types)) {
      throw new UnsupportedVersionException("Known types of resources are " + KNOWN);
    }
    return types;
  }

  private static Stream<String> names(ClusterImage image, ConfigResource.Type type) {
    return switch (type) {
      case TOPIC -> image.topics().all().stream().map(TopicImage::name).sorted();
      case BROKER, BROKER_LOGGER ->
          image.nodes().all().stream().map(NodeImage::id).sorted().map(String::valueOf);
      case GROUP, CLIENT_METRICS ->
          image.configs().resources().stream()
              .filter(resource -> resource.type() == type)
              .map(ConfigResource::name)
              .sorted();
      case UNKNOWN -> Stream.empty();
    };
  }
}

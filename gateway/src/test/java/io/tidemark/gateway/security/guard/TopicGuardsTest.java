package io.tidemark.gateway.security.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.DescribeTopicPartitionsHandler;
import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.metadata.image.TopicsImage;
import io.tidemark.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePVector;

/** What somebody who may describe two of four topics sees of them, one partition to a page. */
class TopicGuardsTest {
  private static final Set<String> SEEN = Set.of("apples", "pears");
  private static final int PAGE = 1;

  private final ApiTable guarded = guarded(image("apples", "berries", "pears", "quinces"));

  private static ClusterImage image(String... names) {
    PMap<Uuid, TopicImage> topics = HashTreePMap.empty();
    PMap<String, Uuid> ids = HashTreePMap.empty();
    for (String name : names) {
      Uuid id = new Uuid(1, topics.size() + 1);
      topics =
          topics.plus(
              id,
              new TopicImage(
                  id, name, TreePVector.singleton(PartitionImage.created(List.of(1), List.of(1)))));
      ids = ids.plus(name, id);
    }
    ClusterImage none = ClusterImage.EMPTY;
    return new ClusterImage(
        1,
        "cluster",
        none.nodes(),
        new TopicsImage(topics, ids, names.length),
        none.configs(),
        none.features(),
        0,
        none.deletedTopics(),
        none.security(),
        none.quotas());
  }

  private static ApiTable guarded(ClusterImage image) {
    ClusterView cluster = new ClusterView(1, () -> image, () -> 1, id -> false);
    ApiTable.Builder served = ApiTable.builder();
    served.serve(
        ApiKeys.DESCRIBE_TOPIC_PARTITIONS, 0, 0, new DescribeTopicPartitionsHandler(cluster, PAGE));
    return new Guards(cluster).around(served.build());
  }

  /** Somebody with few rights, who asks. */
  private record Asked(RequestHeader header, AbstractRequest body) implements Request {
    @Override
    public Access access() {
      return new Access() {
        @Override
        public KafkaPrincipal principal() {
          return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, "alice");
        }

        @Override
        public boolean isUnlimited() {
          return false;
        }

        @Override
        public boolean may(AclOperation operation, ResourceType type, String name) {
          return type == ResourceType.TOPIC && SEEN.contains(name);
        }

        @Override
        public boolean mayOnAny(AclOperation operation, ResourceType type) {
          return type == ResourceType.TOPIC;
        }
      };
    }

    @Override
    public int sizeBytes() {
      return 0;
    }

    @Override
    public long arrivedNs() {
      return 0;
    }

    @Override
    public void retain() {}

    @Override
    public void release() {}

    @Override
    public String listenerName() {
      return "PLAINTEXT";
    }

    @Override
    public ClientConnection connection() {
      throw new UnsupportedOperationException("nobody asks for the connection");
    }
  }

  private static final class Answered implements Responder {
    private final List<ApiMessage> answers = new ArrayList<>();

    @Override
    public void respond(ApiMessage body) {
      answers.add(body);
    }

    @Override
    public void noResponse() {
      throw new IllegalStateException("it is to be answered");
    }

    @Override
    public void close(String why) {
      throw new IllegalStateException(why);
    }

    @Override
    public void appended() {}
  }

  private DescribeTopicPartitionsResponseData page(@Nullable Cursor cursor) {
    ApiKeys key = ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    DescribeTopicPartitionsRequestData data =
        new DescribeTopicPartitionsRequestData().setCursor(cursor).setResponsePartitionLimit(PAGE);
    Answered answered = new Answered();
    Objects.requireNonNull(guarded.entries().get(key))
        .handler()
        .handle(
            new Asked(
                new RequestHeader(key, (short) 0, "client", 1),
                new DescribeTopicPartitionsRequest(data)),
            answered);
    assertThat(answered.answers).hasSize(1);
    return (DescribeTopicPartitionsResponseData) answered.answers.getFirst();
  }

  @Test
  @Scenario("S-188")
  void whereAPageEndsNamesNoTopicThatMayNotBeSeen() {
    DescribeTopicPartitionsResponseData first = page(null);

    assertThat(names(first)).containsExactly("apples");
    assertThat(Objects.requireNonNull(first.nextCursor()).topicName()).isEqualTo("pears");

    DescribeTopicPartitionsResponseData second =
        page(new Cursor().setTopicName("pears").setPartitionIndex(0));
    assertThat(names(second)).containsExactly("pears");
    assertThat(second.nextCursor()).isNull();
  }

  private static List<String> names(DescribeTopicPartitionsResponseData answer) {
    return answer.topics().stream().map(DescribeTopicPartitionsResponseTopic::name).toList();
  }
}

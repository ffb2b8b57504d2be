package io.tidemark.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** A new cluster for each test. */
@Tidemark(lifecycle = Tidemark.Lifecycle.PER_METHOD, topics = "fresh")
class PerMethodTest {
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  private String clusterId = "";

  @BeforeEach
  void remember(TidemarkCluster cluster) {
    clusterId = cluster.clusterId();
  }

  @RepeatedTest(2)
  void nothingIsLeftOfAnotherTest(TidemarkCluster cluster, Admin admin) throws Exception {
    assertThat(cluster.clusterId()).isEqualTo(clusterId);
    assertThat(SEEN.add(clusterId)).isTrue();
    assertThat(admin.listTopics().names().get()).containsExactly("fresh");

    cluster.createTopic("left-behind", 1);
  }
}

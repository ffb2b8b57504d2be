package io.tidemark.gateway.security.guard;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.metadata.image.ClusterImage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class GuardsTest {
  @Test
  void anApiOfWhichNobodyHasSaidWhoMayAskForItIsNotServed() {
    Guards guards = new Guards(new ClusterView(1, () -> ClusterImage.EMPTY, () -> 1, id -> false));
    ApiTable.Builder served = ApiTable.builder();
    served.serve(ApiKeys.VOTE, 0, 0, (request, responder) -> responder.noResponse());
    ApiTable unguarded = served.build();

    assertThatThrownBy(() -> guards.around(unguarded))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("VOTE");
  }
}

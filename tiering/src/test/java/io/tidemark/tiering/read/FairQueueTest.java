package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
  private final FairQueue<String> queue = new FairQueue<>();

  private String all() {
    StringBuilder all = new StringBuilder();
    for (String item = queue.poll(any -> true); item != null; item = queue.poll(any -> true)) {
      all.append(item).append(' ');
    }
    return all.toString().strip();
  }

  @Test
  void ownersTakeTurnsAndKeepTheirOwnOrder() {
    queue.add("a", "a1");
    queue.add("a", "a2");
    queue.add("a", "a3");
    queue.add("b", "b1");
    queue.add("c", "c1");
    queue.add("c", "c2");
    assertThat(queue.size()).isEqualTo(6);
    assertThat(all()).isEqualTo("a1 b1 c1 a2 c2 a3");
    assertThat(queue.size()).isZero();
  }

  @Test
  void anOwnerThatMayNotHaveMoreIsPassedOver() {
    queue.add("a", "a1");
    queue.add("b", "b1");
    assertThat(queue.poll(owner -> !owner.equals("a"))).isEqualTo("b1");
    assertThat(queue.poll(owner -> !owner.equals("a"))).isNull();
    assertThat(all()).isEqualTo("a1");
  }

  @Test
  void whatIsPutBackIsNextOfItsOwner() {
    queue.add("a", "a1");
    queue.add("a", "a2");
    String first = queue.poll(Set.of("a")::contains);
    assertThat(first).isEqualTo("a1");
    queue.putBack("a", "a1");
    assertThat(all()).isEqualTo("a1 a2");
  }

  @Test
  void removedItemsDoNotCome() {
    queue.add("a", "a1");
    queue.add("b", "b1");
    assertThat(queue.remove("a", "a1")).isTrue();
    assertThat(queue.remove("a", "a1")).isFalse();
    assertThat(all()).isEqualTo("b1");
  }
}

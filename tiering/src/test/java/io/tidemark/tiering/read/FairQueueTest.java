package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
  private static final int TURN = 10;

  private final FairQueue<String> queue = new FairQueue<>(FairQueueTest::cost, TURN);

  /** What stands behind a colon, or a whole turn. */
  private static long cost(String item) {
    int colon = item.indexOf(':');
    return colon < 0 ? TURN : Long.parseLong(item.substring(colon + 1));
  }

  private String all() {
    StringBuilder all = new StringBuilder();
    for (String item = queue.poll(any -> true); item != null; item = queue.poll(any -> true)) {
      all.append(item).append(' ');
    }
    return all.toString().strip();
  }

  @Test
  void ownersTakeTurnsAndKeepTheirOwnOrder() {
    queue.add("a", "a", "a1");
    queue.add("a", "a", "a2");
    queue.add("a", "a", "a3");
    queue.add("b", "b", "b1");
    queue.add("c", "c", "c1");
    queue.add("c", "c", "c2");
    assertThat(queue.size()).isEqualTo(6);
    assertThat(all()).isEqualTo("a1 b1 c1 a2 c2 a3");
    assertThat(queue.size()).isZero();
  }

  @Test
  void anOwnerThatMayNotHaveMoreIsPassedOver() {
    queue.add("a", "a", "a1");
    queue.add("b", "b", "b1");
    assertThat(queue.poll(owner -> !owner.equals("a"))).isEqualTo("b1");
    assertThat(queue.poll(owner -> !owner.equals("a"))).isNull();
    assertThat(all()).isEqualTo("a1");
  }

  @Test
  void whatIsPutBackIsNextOfItsOwner() {
    queue.add("a", "a", "a1");
    queue.add("a", "a", "a2");
    String first = queue.poll(Set.of("a")::contains);
    assertThat(first).isEqualTo("a1");
    queue.putBack("a", "a", "a1");
    assertThat(all()).isEqualTo("a1 a2");
  }

  @Test
  void removedItemsDoNotCome() {
    queue.add("a", "a", "a1");
    queue.add("b", "b", "b1");
    assertThat(queue.remove("a", "a", "a1")).isTrue();
    assertThat(queue.remove("a", "a", "a1")).isFalse();
    assertThat(all()).isEqualTo("b1");
  }

  @Test
  @Scenario("S-123")
  void aClientWithManyReadersHasNoMoreTurnsThanOneWithASingleReader() {
    for (int reader = 1; reader <= 4; reader++) {
      queue.add("replay", "reader " + reader, "r" + reader + "a");
      queue.add("replay", "reader " + reader, "r" + reader + "b");
    }
    queue.add("other", "its reader", "o1");
    queue.add("other", "its reader", "o2");
    queue.add("other", "its reader", "o3");
    assertThat(all()).isEqualTo("r1a o1 r2a o2 r3a o3 r4a r1b r2b r3b r4b");
  }

  @Test
  void whatCostsLessIsTakenMoreOftenInATurn() {
    queue.add("small", "s", "s1:5");
    queue.add("small", "s", "s2:5");
    queue.add("small", "s", "s3:5");
    queue.add("large", "l", "l1:10");
    queue.add("large", "l", "l2:10");
    assertThat(all()).isEqualTo("s1:5 s2:5 l1:10 s3:5 l2:10");
  }

  @Test
  void whatCostsMoreThanATurnComesWhenItsClientHasWaitedForIt() {
    queue.add("huge", "h", "h1:25");
    queue.add("other", "o", "o1");
    queue.add("other", "o", "o2");
    queue.add("other", "o", "o3");
    assertThat(all()).isEqualTo("o1 o2 h1:25 o3");
  }

  @Test
  void nobodySavesUpWhileItWantsNothing() {
    queue.add("a", "a", "a1:1");
    assertThat(all()).isEqualTo("a1:1");
    queue.add("a", "a", "a2");
    queue.add("a", "a", "a3");
    queue.add("b", "b", "b1");
    assertThat(all()).isEqualTo("a2 b1 a3");
  }
}

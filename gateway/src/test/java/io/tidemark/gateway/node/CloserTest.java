package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
  private final Closer closer = new Closer();
  private final List<String> closed = new ArrayList<>();

  @Test
  void whatWasOpenedLastIsClosedFirst() {
    open("first");
    open("second");

    closer.close();

    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void aPartThatFailsDoesNotKeepTheOthersOpen() {
    open("first");
    closer.add(
        "broken",
        () -> {
          throw new IllegalStateException("stuck");
        });
    open("last");

    assertThatThrownBy(closer::close).hasMessageContaining("broken").hasRootCauseMessage("stuck");
    assertThat(closed).containsExactly("last", "first");
  }

  @Test
  void closingAgainDoesNothing() {
    open("only");

    closer.close();
    closer.close();

    assertThat(closed).containsExactly("only");
  }

  private void open(String name) {
    closer.add(name, () -> closed.add(name));
  }
}

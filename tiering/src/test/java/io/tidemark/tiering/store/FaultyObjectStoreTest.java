package io.tidemark.tiering.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.ManualTime;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a store that goes wrong shows. */
class FaultyObjectStoreTest {
  private final SimulatedObjectStore objects = new SimulatedObjectStore();
  private final FaultyObjectStore store =
      new FaultyObjectStore(objects, new Random(1), new ManualTime(0));

  @Test
  void aStaleListingIsTheLastOneThatWasNot() throws ObjectStoreException {
    put("a/1");
    assertThat(listed()).containsExactly("a/1");
    put("a/2");
    objects.delete(List.of("a/1"));

    store.failNext(Fault.STALE);
    assertThat(listed()).containsExactly("a/1");
    assertThat(listed()).containsExactly("a/2");
  }

  @Test
  void whatWasNeverListedIsShownAsItIs() throws ObjectStoreException {
    put("a/1");
    store.failNext(Fault.STALE);

    assertThat(listed()).containsExactly("a/1");
  }

  private void put(String key) throws ObjectStoreException {
    objects.put(key, new BufferContent(ByteBuffer.wrap(key.getBytes(UTF_8))));
  }

  private List<String> listed() throws ObjectStoreException {
    return store.list("a/", null, 100).objects().stream().map(ObjectInfo::key).toList();
  }
}

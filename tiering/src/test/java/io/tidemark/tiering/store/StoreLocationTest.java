package io.tidemark.tiering.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.log.disk.FileSystemDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreLocationTest {
  @Test
  void foldersAndBucketsAreRecognised() {
    assertThat(StoreLocation.parse("file:///var/lib/store"))
        .isEqualTo(new StoreLocation.Directory(Path.of("/var/lib/store")));
    assertThat(StoreLocation.parse("s3://my-bucket"))
        .isEqualTo(new StoreLocation.Bucket("my-bucket", ""));
    assertThat(StoreLocation.parse("s3://my-bucket/"))
        .isEqualTo(new StoreLocation.Bucket("my-bucket", ""));
    assertThat(StoreLocation.parse("s3://my.bucket/a/b/"))
        .isEqualTo(new StoreLocation.Bucket("my.bucket", "a/b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/var/lib",
        "file:",
        "file://host/path",
        "http://x/y",
        "s3:",
        "s3:///x",
        "s3://B",
        "s3://bucket/../x",
        "s3://bucket/a?b",
        "s3:// bucket",
        "gs://x"
      })
  void anythingElseIsRefusedWithTheSettingAndTheReason(String setting) {
    assertThatThrownBy(() -> StoreLocation.parse(setting))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tiering.store=" + setting + ": ");
  }

  @Test
  void halfOfTheCredentialsAreRefused() {
    assertThatThrownBy(() -> S3Settings.DEFAULTS.withCredentials("id", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tiering.s3.secret.access.key");
    assertThat(S3Settings.DEFAULTS.withCredentials("id", "secret").toString())
        .doesNotContain("secret");
  }

  @Test
  void aDirectoryStoreIsOpenedWithAllLayers(@TempDir Path folder) throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ObjectStores stores =
        new ObjectStores(
            new FileSystemDisk(), Runnable::run, new ManualTime(0), new Random(1), meters);
    try (ObjectStore store = stores.open(StoreSettings.of(folder.toUri().toString()))) {
      store.put("k", ObjectContent.of(ByteBuffer.allocate(123)));
      store.read("k", 0, ByteBuffer.allocate(23));
      assertThat(store.head("none")).isEmpty();
    }
    assertThat(meters.get("tidemark.store.bytes").tag("operation", "put").counter().count())
        .isEqualTo(123);
    assertThat(meters.get("tidemark.store.bytes").tag("operation", "read").counter().count())
        .isEqualTo(23);
    assertThat(
            meters
                .get("tidemark.store.calls")
                .tag("operation", "head")
                .tag("result", "ok")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void keysLieWhereTheLayoutSays() {
    ObjectKeys keys = new ObjectKeys("CLUSTER");
    Uuid topic = new Uuid(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    Uuid uuid = new Uuid(-1, -2);
    String segment = keys.segment(topic, 7, new ObjectKeys.SegmentName(42, 3, uuid));
    assertThat(segment)
        .matches(
            "CLUSTER/segments/[0-9a-f]{2}/"
                + topic
                + "/7/00000000000000000042-3-"
                + uuid
                + "\\.seg");
    assertThat(ObjectKeys.segmentName(segment)).contains(new ObjectKeys.SegmentName(42, 3, uuid));
    String manifest = keys.manifest(topic, 7, 9, uuid);
    assertThat(manifest)
        .matches(
            "CLUSTER/manifests/[0-9a-f]{2}/" + topic + "/7/00000000000000000009-" + uuid + "\\.pb");
    assertThat(ObjectKeys.numberedName(manifest)).contains(new ObjectKeys.NumberedName(9, uuid));
    String leaf = keys.leaf(topic, 7, 5, uuid);
    assertThat(leaf).endsWith("/7/00000000000000000005-" + uuid + ".leaf");
    assertThat(ObjectKeys.numberedName(leaf)).contains(new ObjectKeys.NumberedName(5, uuid));
    assertThat(keys.topic(topic, 12))
        .isEqualTo("CLUSTER/topics/" + topic + "/00000000000000000012.pb");
    assertThat(ObjectKeys.segmentName(manifest)).isEmpty();
    assertThat(ObjectKeys.numberedName(segment)).isEmpty();
    assertThat(ObjectKeys.segmentName("x/1-2-3.seg")).isEmpty();
    for (String key : new String[] {segment, manifest, leaf}) {
      assertThat(KeyRules.checkKey(key)).isEqualTo(key);
    }
    // The place of a partition never moves.
    assertThat(segment.split("/", -1)[2]).isEqualTo(manifest.split("/", -1)[2]).isEqualTo("31");
  }
}

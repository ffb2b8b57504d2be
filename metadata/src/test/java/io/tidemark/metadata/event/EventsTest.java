package io.tidemark.metadata.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.DelegationToken;
import io.tidemark.metadata.image.DeletedTopic;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotasImage;
import io.tidemark.metadata.image.Reassignment;
import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import io.tidemark.metadata.image.SecurityImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bytes of events, what the fold refuses, and snapshots. */
class EventsTest {
  private static final Uuid TOPIC = new Uuid(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
  private static final ConfigResource CONFIGS = new ConfigResource(ConfigResource.Type.TOPIC, "t");
  private static final ManifestPointer MANIFEST =
      new ManifestPointer(3, new Uuid(1, 2), 500, 1_000, -7);

  private static final AclBinding ACL =
      new AclBinding(
          new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL),
          new AccessControlEntry("User:a", "*", AclOperation.READ, AclPermissionType.ALLOW));
  private static final ScramUser USER = new ScramUser("a", (byte) 1);
  private static final ScramSecret SECRET =
      new ScramSecret(new byte[] {1}, new byte[] {2}, new byte[] {3}, 4_096);

  private static final QuotaEntity ANN_BY_DEFAULT =
      QuotaEntity.of(Optional.of("a"), Optional.empty());

  private static final DelegationToken TOKEN =
      new DelegationToken("tok", user("a"), user("b"), List.of(user("c")), 1, 3, 2);

  private static KafkaPrincipal user(String name) {
    return new KafkaPrincipal("User", name);
  }

  private static PartitionImage partition(int... replicas) {
    return PartitionImage.created(
        Arrays.stream(replicas).boxed().toList(), Arrays.stream(replicas).boxed().toList());
  }

  private static NodeImage node(int id, long epoch) {
    return new NodeImage(
        id,
        new Uuid(11, id),
        epoch,
        List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "host", 9092)),
        "rack",
        true,
        false,
        List.of(new Uuid(12, id)),
        Map.of("metadata.version", new NodeImage.FeatureRange((short) 1, (short) 33)));
  }

  private static Map<String, @Nullable String> changes() {
    Map<String, @Nullable String> changes = new HashMap<>();
    changes.put("retention.ms", "1");
    changes.put("segment.bytes", null);
    return Collections.unmodifiableMap(changes);
  }

  private static Map<String, @Nullable Double> quotaChanges() {
    Map<String, @Nullable Double> changes = new HashMap<>();
    changes.put("producer_byte_rate", null);
    changes.put("consumer_byte_rate", 1_024.0);
    return Collections.unmodifiableMap(changes);
  }

  private static List<Event> oneOfEach() {
    return List.of(
        new Event.ClusterFormed("AAAA"),
        new Event.ControllerElected(1, 4),
        new Event.NodeRegistered(node(1, Event.EPOCH_IS_INDEX), -1),
        new Event.NodeStateChanged(1, 7, false, true),
        new Event.NodeUnregistered(1, 7),
        new Event.TopicCreated(TOPIC, "t", List.of(partition(1, 2), partition(2, 1))),
        new Event.PartitionsAdded(TOPIC, 2, List.of(partition(1))),
        new Event.PartitionChanged(
            TOPIC,
            0,
            0,
            List.of(1, 2),
            Reassignment.NONE,
            List.of(),
            List.of(1),
            1,
            -1,
            5,
            LeaderRecovery.RECOVERING),
        new Event.ManifestCommitted(TOPIC, 1, 0, 0, MANIFEST),
        new Event.LogStartAdvanced(TOPIC, 1, 0, 40),
        new Event.ConfigsChanged(CONFIGS, changes()),
        new Event.FeatureFinalised("kraft.version", (short) 1, Event.EPOCH_IS_INDEX),
        new Event.ProducerIdsAllocated(1, 7, 0, 1_000),
        new Event.TopicDeleted(TOPIC, true),
        new Event.TopicEmptied(TOPIC),
        new Event.TopicAwaitingEmptying(
            new DeletedTopic(TOPIC, "t", Arrays.asList(null, MANIFEST))),
        new Event.AclCreated(ACL),
        new Event.AclDeleted(ACL),
        new Event.ScramCredentialSet(USER, SECRET),
        new Event.ScramCredentialRemoved(USER),
        new Event.ClientQuotasChanged(ANN_BY_DEFAULT, quotaChanges()),
        new Event.DelegationTokenSet(TOKEN),
        new Event.DelegationTokenRemoved(TOKEN.id()));
  }

  private static byte[] bytes(Event... events) {
    return EventCodec.encode(new EventCodec.Batch(4, List.of(events)));
  }

  @Test
  void everyEventIsReadAsItWasWritten() {
    List<Event> events = oneOfEach();
    assertThat(events.stream().map(Object::getClass).distinct())
        .hasSize(Event.class.getPermittedSubclasses().length);
    for (Event event : events) {
      assertThat(EventCodec.decode(ByteBuffer.wrap(bytes(event))))
          .isEqualTo(new EventCodec.Batch(4, List.of(event)));
    }
  }

  /** What a release has written every later one must read: these bytes never change. */
  @Test
  void theBytesAreThese() {
    assertThat(HexFormat.of().formatHex(bytes(oneOfEach().toArray(Event[]::new))))
        .isEqualTo(GOLDEN);
  }

  private static final String GOLDEN =
      "080110041a0a080112060a04414141411a0808011a04080110041a64080122600801121000000000"
          + "0000000b0000000000000001180122140a09504c41494e544558541204686f73741884472a047261"
          + "636b30014210000000000000000c00000000000000014a160a106d657461646174612e7665727369"
          + "6f6e1001182150011a0a080132060801100e20011a0808012a040801100e1a3508013a310a100102"
          + "030405060708090a0b0c0d0e0f101201741a0c0a02010212020102200128021a0c0a020201120202"
          + "01200128041a24080142200a100102030405060708090a0b0c0d0e0f1010021a0a0a010112010120"
          + "0128021a25080152210a100102030405060708090a0b0c0d0e0f1022020102320101380240014805"
          + "50011a3908015a350a100102030405060708090a0b0c0d0e0f1010012a1f08031210000000000000"
          + "0001000000000000000218f40320e8072df9ffffff1a1a080162160a100102030405060708090a0b"
          + "0c0d0e0f10100120281a2d08016a2908021201741a110a0c726574656e74696f6e2e6d731201311a"
          + "0f0a0d7365676d656e742e62797465731a17080172130a0d6b726166742e76657273696f6e100118"
          + "011a0b08017a070802100e20e8071a1808014a140a100102030405060708090a0b0c0d0e0f101001"
          + "1a1708018201120a100102030405060708090a0b0c0d0e0f101a4108018a013c0a10010203040506"
          + "0708090a0b0c0d0e0f10120174180222230801121f08031210000000000000000100000000000000"
          + "0218f40320e8072df9ffffff1a1b0801c202160802120174180322065573"
          + "65723a612a012a300338031a1b0801ca0216080212017418032206557365723a612a012a30033803"
          + "1a180801d202130a050a01611001120101"
          + "1a01022201032880201a0a0801da02050a01611001"
          + "1a41080192033c0a030a01611200221d0a12636f6e73756d65725f627974655f7261746511000000"
          + "000000904022140a1270726f64756365725f627974655f72617465"
          + "1a310801f2022c0a03746f6b12090a04557365721201611a090a045573657212016222090a045573"
          + "6572120163280130033802"
          + "1a0a0801fa02050a03746f6b";

  private static PartitionImage moving(int... replicas) {
    PartitionImage still = partition(replicas);
    return new PartitionImage(
        still.replicas(),
        new Reassignment(List.of(2), List.of(3)),
        still.isr(),
        still.elr(),
        still.lastKnownLeader(),
        still.leader(),
        still.leaderEpoch(),
        still.partitionEpoch(),
        still.recovery(),
        null,
        0);
  }

  /** A gateway is of version 2, so that a release that would place replicas on it stops. */
  @Test
  void theBytesOfAGatewayAreThese() {
    NodeImage gateway =
        new NodeImage(
            1, new Uuid(11, 1), 7, List.of(), null, false, false, List.of(), Map.of(), true);
    Event[] events = {new Event.NodeRegistered(gateway, -1)};
    assertThat(HexFormat.of().formatHex(bytes(events))).isEqualTo(GOLDEN_GATEWAY);
    assertThat(EventCodec.decode(ByteBuffer.wrap(bytes(events))).events()).containsExactly(events);
  }

  private static final String GOLDEN_GATEWAY =
      "080110041a1e0802221a08011210000000000000000b0000000000000001180e50015801";

  /** The events that may carry a reassignment are of version 2 where they do. */
  @Test
  void theBytesOfReassignmentsAreThese() {
    Event[] events = {
      new Event.TopicCreated(TOPIC, "t", List.of(moving(2, 1, 3))),
      new Event.PartitionsAdded(TOPIC, 1, List.of(moving(2, 1, 3))),
      new Event.PartitionChanged(
          TOPIC,
          0,
          0,
          List.of(2, 1, 3),
          new Reassignment(List.of(2), List.of(3)),
          List.of(1, 3),
          List.of(),
          -1,
          1,
          5,
          LeaderRecovery.RECOVERED)
    };
    assertThat(HexFormat.of().formatHex(bytes(events))).isEqualTo(GOLDEN_REASSIGNMENTS);
    assertThat(EventCodec.decode(ByteBuffer.wrap(bytes(events))).events()).containsExactly(events);
  }

  private static final String GOLDEN_REASSIGNMENTS =
      "080110041a3108023a2d0a100102030405060708090a0b0c0d0e0f101201741a160a03020103"
          + "1203020103200128045a060a01021201031a300802422c0a100102030405060708090a0b0c0d"
          + "0e0f1010011a160a030201031203020103200128045a060a01021201031a2d080252290a1001"
          + "02030405060708090a0b0c0d0e0f1022030201032a0201033801400248055a060a0102120103";

  @Test
  void whatALaterReleaseWroteIsRefusedByName() {
    byte[] laterFormat = {8, 2, 16, 4};
    byte[] laterVersion = {8, 1, 16, 4, 26, 8, 8, 2, 18, 4, 10, 2, 'A', 'A'};
    byte[] unknownKind = {8, 1, 16, 4, 26, 6, 8, 1, (byte) 0xfa, 1, 1, 'x'};
    for (byte[] bytes : List.of(laterFormat, laterVersion, unknownKind)) {
      assertThatThrownBy(() -> EventCodec.decode(ByteBuffer.wrap(bytes)))
          .isInstanceOf(UnknownEventException.class)
          .hasMessageContaining("newer release");
    }
    assertThatThrownBy(() -> EventCodec.decode(ByteBuffer.wrap(new byte[] {26, 100})))
        .isInstanceOf(UnknownEventException.class);
  }

  private static ClusterImage image(Event... events) {
    ImageFold fold = new ImageFold(ClusterImage.EMPTY);
    assertThat(fold.applyAll(List.of(events), 7)).isZero();
    return fold.image(7);
  }

  private static ClusterImage populated() {
    return image(
        new Event.ClusterFormed("AAAA"),
        new Event.NodeRegistered(node(1, Event.EPOCH_IS_INDEX), -1),
        new Event.NodeRegistered(node(2, Event.EPOCH_IS_INDEX), -1),
        new Event.TopicCreated(TOPIC, "t", List.of(partition(1, 2), partition(2, 1))),
        new Event.ManifestCommitted(TOPIC, 1, 0, 0, MANIFEST),
        new Event.LogStartAdvanced(TOPIC, 1, 0, 40),
        new Event.ConfigsChanged(CONFIGS, Map.of("retention.ms", "1")),
        new Event.FeatureFinalised("kraft.version", (short) 1, Event.EPOCH_IS_INDEX),
        new Event.ProducerIdsAllocated(1, 7, 0, 1_000),
        new Event.TopicAwaitingEmptying(
            new DeletedTopic(new Uuid(8, 8), "u", Arrays.asList(null, MANIFEST))),
        new Event.AclCreated(ACL),
        new Event.ScramCredentialSet(USER, SECRET),
        new Event.ClientQuotasChanged(ANN_BY_DEFAULT, Map.of("consumer_byte_rate", 1024.0)),
        new Event.DelegationTokenSet(TOKEN));
  }

  @Test
  void rulesAndCredentialsComeAndGoAndADeltaSaysSo() {
    ClusterImage image = populated();
    assertThat(image.security().contains(ACL)).isTrue();
    ImageFold fold = new ImageFold(image);
    assertThat(fold.apply(new Event.AclCreated(ACL), 8)).isFalse();
    assertThat(fold.delta().securityChanged()).isFalse();
    assertThat(fold.apply(new Event.AclDeleted(ACL), 8)).isTrue();
    assertThat(fold.apply(new Event.ScramCredentialRemoved(USER), 8)).isTrue();
    assertThat(fold.apply(new Event.DelegationTokenSet(TOKEN), 8)).isFalse();
    assertThat(fold.apply(new Event.DelegationTokenRemoved(TOKEN.id()), 8)).isTrue();
    assertThat(fold.apply(new Event.DelegationTokenRemoved(TOKEN.id()), 8)).isFalse();
    assertThat(fold.delta().securityChanged()).isTrue();
    assertThat(fold.image(8).security()).isEqualTo(SecurityImage.EMPTY);
    assertThat(ImageDifference.between(image, fold.image(8)).securityChanged()).isTrue();
    assertThat(SECRET).hasToString("[hidden]");
  }

  @Test
  void quotasComeAndGoAndADeltaSaysSo() {
    ClusterImage image = populated();
    assertThat(image.quotas().of(ANN_BY_DEFAULT))
        .containsExactly(entry("consumer_byte_rate", 1024.0));
    ImageFold fold = new ImageFold(image);
    assertThat(
            fold.apply(
                new Event.ClientQuotasChanged(ANN_BY_DEFAULT, Map.of("consumer_byte_rate", 1024.0)),
                8))
        .isFalse();
    assertThat(fold.delta().quotasChanged()).isFalse();
    Map<String, @Nullable Double> removal = new HashMap<>();
    removal.put("consumer_byte_rate", null);
    assertThat(fold.apply(new Event.ClientQuotasChanged(ANN_BY_DEFAULT, removal), 8)).isTrue();
    assertThat(fold.delta().quotasChanged()).isTrue();
    assertThat(fold.image(8).quotas()).isEqualTo(QuotasImage.EMPTY);
    assertThat(ImageDifference.between(image, fold.image(8)).quotasChanged()).isTrue();
  }

  @Test
  void anEventWhoseEpochsMovedIsRefusedAndChangesNothing() {
    ClusterImage image = populated();
    List<Event> moved =
        List.of(
            new Event.ClusterFormed("BBBB"),
            new Event.NodeRegistered(node(1, Event.EPOCH_IS_INDEX), 6),
            new Event.NodeRegistered(node(3, Event.EPOCH_IS_INDEX), 7),
            new Event.NodeUnregistered(1, 6),
            new Event.NodeStateChanged(1, 6, false, false),
            new Event.TopicCreated(TOPIC, "other", List.of(partition(1))),
            new Event.TopicCreated(new Uuid(9, 9), "t", List.of(partition(1))),
            new Event.PartitionsAdded(TOPIC, 1, List.of(partition(1))),
            new Event.TopicDeleted(new Uuid(9, 9), false),
            new Event.PartitionChanged(
                TOPIC,
                0,
                1,
                List.of(1),
                Reassignment.NONE,
                List.of(1),
                List.of(),
                -1,
                1,
                1,
                LeaderRecovery.RECOVERED),
            new Event.PartitionChanged(
                TOPIC,
                9,
                0,
                List.of(1),
                Reassignment.NONE,
                List.of(1),
                List.of(),
                -1,
                1,
                1,
                LeaderRecovery.RECOVERED),
            new Event.ManifestCommitted(TOPIC, 1, 0, 2, MANIFEST),
            new Event.ManifestCommitted(TOPIC, 1, 1, 3, MANIFEST),
            new Event.LogStartAdvanced(TOPIC, 1, 0, 40),
            new Event.LogStartAdvanced(TOPIC, 1, 1, 50),
            new Event.ConfigsChanged(
                new ConfigResource(ConfigResource.Type.TOPIC, "gone"), Map.of("a", "b")),
            new Event.ProducerIdsAllocated(1, 6, 1_000, 2_000),
            new Event.ProducerIdsAllocated(1, 7, 0, 1_000),
            new Event.TopicEmptied(TOPIC));
    for (Event event : moved) {
      ImageFold fold = new ImageFold(image);
      assertThat(fold.apply(event, 8)).as("%s", event).isFalse();
      assertThat(fold.image(7)).isEqualTo(image);
      assertThat(fold.delta()).isEqualTo(ImageDifference.between(image, image));
    }
  }

  @Test
  void theDeltaNamesWhatDiffersAsAComparisonOfTheWholeImagesDoes() {
    ClusterImage before = populated();
    Uuid other = new Uuid(9, 9);
    ImageFold fold = new ImageFold(before);
    List<Event> events =
        List.of(
            new Event.NodeStateChanged(1, 7, false, false),
            new Event.TopicCreated(other, "other", List.of(partition(1), partition(2))),
            new Event.PartitionChanged(
                TOPIC,
                0,
                0,
                List.of(1, 2),
                Reassignment.NONE,
                List.of(2),
                List.of(),
                -1,
                2,
                1,
                LeaderRecovery.RECOVERED),
            new Event.ConfigsChanged(CONFIGS, changes()),
            new Event.TopicEmptied(new Uuid(8, 8)));
    assertThat(fold.applyAll(events, 8)).isZero();
    ImageDelta delta = fold.delta();
    assertThat(delta.createdTopics()).containsExactly(other);
    assertThat(delta.changedPartitions()).isEqualTo(Map.of(TOPIC, Set.of(0), other, Set.of(0, 1)));
    assertThat(delta.changedNodes()).containsExactly(1);
    assertThat(delta.changedDeletedTopics()).containsExactly(new Uuid(8, 8));
    ImageDelta whole = ImageDifference.between(before, fold.image(8));
    assertThat(whole.changedPartitions()).isEqualTo(delta.changedPartitions());
    assertThat(whole.createdTopics()).isEqualTo(delta.createdTopics());
    assertThat(whole.changedNodes()).isEqualTo(delta.changedNodes());
  }

  @Test
  void aTopicThatCameAndWentIsNotNamed() {
    ImageFold fold = new ImageFold(ClusterImage.EMPTY);
    fold.apply(new Event.TopicCreated(TOPIC, "t", List.of(partition(1))), 1);
    fold.apply(new Event.TopicDeleted(TOPIC, false), 2);
    assertThat(fold.delta().createdTopics()).isEmpty();
    assertThat(fold.delta().deletedTopics()).isEmpty();
    assertThat(fold.delta().changedPartitions()).isEmpty();
    assertThat(fold.image(2).topics().size()).isZero();
  }

  @Test
  void aSnapshotGivesTheSameImage() throws IOException {
    ClusterImage image = populated();
    assertThat(SnapshotCodec.read(new ByteArrayInputStream(snapshot(image)))).isEqualTo(image);
    assertThat(SnapshotCodec.read(new ByteArrayInputStream(snapshot(ClusterImage.EMPTY))))
        .isEqualTo(ClusterImage.EMPTY);
  }

  @Test
  void aSnapshotKeepsReassignments() throws IOException {
    ClusterImage image =
        image(new Event.TopicCreated(TOPIC, "t", List.of(moving(2, 1, 3), partition(1))));
    assertThat(SnapshotCodec.read(new ByteArrayInputStream(snapshot(image)))).isEqualTo(image);
  }

  @Test
  void aSnapshotThatIsCutOrAlteredIsRefused() throws IOException {
    byte[] whole = snapshot(populated());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> SnapshotCodec.read(new ByteArrayInputStream(cut)))
          .isInstanceOf(IOException.class);
    }
    for (int i = 28; i < whole.length; i++) {
      byte[] altered = whole.clone();
      altered[i] ^= 1;
      assertThatThrownBy(() -> SnapshotCodec.read(new ByteArrayInputStream(altered)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aSnapshotOfManyPartitionsIsSmallAndQuick() throws IOException {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      events.add(
          new Event.TopicCreated(
              new Uuid(20, i), "topic-" + i, Collections.nCopies(10, partition(1, 2, 3))));
    }
    long startNs = System.nanoTime();
    ClusterImage image = image(events.toArray(Event[]::new));
    long foldedNs = System.nanoTime();
    byte[] bytes = snapshot(image);
    ClusterImage read = SnapshotCodec.read(new ByteArrayInputStream(bytes));
    System.out.printf(
        "20,000 partitions: folded in %d ms, snapshot of %d bytes written and read in %d ms%n",
        (foldedNs - startNs) / 1_000_000, bytes.length, (System.nanoTime() - foldedNs) / 1_000_000);
    assertThat(read).isEqualTo(image);
    assertThat(bytes.length).isLessThan(1_500_000);
  }

  private static byte[] snapshot(ClusterImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotCodec.write(image, out);
    return out.toByteArray();
  }
}

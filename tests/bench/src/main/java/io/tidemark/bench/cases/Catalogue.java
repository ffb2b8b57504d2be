package io.tidemark.bench.cases;

import static io.tidemark.bench.measure.Quantity.CPU_MICROS_PER_REQUEST;
import static io.tidemark.bench.measure.Quantity.CPU_PER_GB;
import static io.tidemark.bench.measure.Quantity.CPU_PER_MILLION_RECORDS;
import static io.tidemark.bench.measure.Quantity.IDLE_MIB;
import static io.tidemark.bench.measure.Quantity.MB_PER_SECOND;
import static io.tidemark.bench.measure.Quantity.P50_MS;
import static io.tidemark.bench.measure.Quantity.P99_MS;
import static io.tidemark.bench.measure.Quantity.RECORDS_PER_SECOND;
import static io.tidemark.bench.measure.Quantity.REQUESTS_PER_SECOND;
import static io.tidemark.bench.measure.Quantity.START_SECONDS;
import static io.tidemark.bench.measure.Quantity.TOPICS_PER_SECOND;

import io.tidemark.bench.client.ProduceLoad;
import io.tidemark.bench.load.CheapProduceLoad;
import io.tidemark.bench.load.CleaningLoad;
import io.tidemark.bench.load.JavaProduceLoad;
import io.tidemark.bench.load.TailLoad;
import io.tidemark.bench.load.TopicCreationLoad;
import io.tidemark.bench.measure.Load;
import io.tidemark.bench.measure.Target;
import io.tidemark.bench.server.ColdTier;
import io.tidemark.bench.server.Endpoint;
import io.tidemark.bench.server.ServerSettings;
import java.time.Duration;
import java.util.List;

/** All cases with their targets, in the order of the table. */
public final class Catalogue {
  private static final int PARTITIONS = 6;
  private static final int KIB = 1024;
  private static final int SMALL = 100;
  private static final int LINGER_MS = 5;
  private static final int BATCH_BYTES = 64 << 10;
  private static final int CONNECTIONS = 2;

  /** As much is written in all as by a node alone. */
  private static final int REPLICAS = 3;

  /** Two to each node. */
  private static final int CLUSTER_CONNECTIONS = 6;

  private static final int WINDOW = 5;
  private static final int ACKS_ALL = -1;

  private Catalogue() {}

  public static List<BenchCase> all() {
    return List.of(
        produce(),
        produceJava(),
        produceJavaLz4(),
        produceSmall(),
        produceSmallJava(),
        catchUp(),
        catchUpJava(),
        produceJavaEncrypted(),
        catchUpJavaEncrypted(),
        tail(),
        fanOut(),
        openLoop(),
        cold("cold-1", 1),
        coldJava("cold-java-1", 1),
        cold("cold-6", PARTITIONS),
        coldJava("cold-java-6", PARTITIONS),
        new S3Case("cold-s3", PARTITIONS),
        start("start-empty", "start to ready and idle memory, empty", 0.4, 0),
        start("start-many", "start to ready and idle memory, 5,000 partitions", 0.3, 1),
        topics(),
        smallProducers(),
        manyPartitions(),
        cleaning(),
        new BesideCase("beside"),
        replicated(),
        replicatedJava(),
        replicatedOpenLoop(),
        new FailoverCase("failover"),
        new RollingRestartCase("rolling-restart"));
  }

  private static BenchCase produce() {
    return LoadCase.of(
            "produce",
            "produce 1 KiB, acks=all, cheap client",
            ServerSettings.HOT_ONLY,
            (server, sizes) ->
                cheapProducer(server.bootstrap(), full(CONNECTIONS, KIB), sizes.produce()))
        .ratio(MB_PER_SECOND, 1.3)
        .ratio(CPU_PER_GB, 0.45);
  }

  private static BenchCase produceSmall() {
    return LoadCase.of(
            "produce-small",
            "produce 100 B, acks=all, cheap client",
            ServerSettings.HOT_ONLY,
            (server, sizes) ->
                cheapProducer(server.bootstrap(), full(CONNECTIONS, SMALL), sizes.produce()))
        .ratio(RECORDS_PER_SECOND, 1.5)
        .ratio(CPU_PER_MILLION_RECORDS, 0.5);
  }

  /** Full batches, as many as the server takes. */
  private static ProduceLoad.Settings full(int connections, int recordBytes) {
    return new ProduceLoad.Settings(
        connections, WINDOW, recordBytes, BATCH_BYTES, 1, 0, ACKS_ALL, "none");
  }

  private static Load cheapProducer(
      String bootstrap, ProduceLoad.Settings settings, Duration duration) throws Exception {
    return new CheapProduceLoad(bootstrap, PARTITIONS, settings, duration);
  }

  private static BenchCase produceJava() {
    return LoadCase.of(
            "produce-java",
            "produce 1 KiB, acks=all, Java client",
            ServerSettings.HOT_ONLY,
            (server, sizes) ->
                javaProducer(server.plain(), "none", KIB, sizes.produceBytes() / KIB))
        .ratio(MB_PER_SECOND, 1.15)
        .ratio(CPU_PER_GB, 0.5);
  }

  private static BenchCase produceJavaLz4() {
    return LoadCase.of(
            "produce-java-lz4",
            "produce 1 KiB, acks=all, lz4, Java client",
            ServerSettings.HOT_ONLY,
            (server, sizes) -> javaProducer(server.plain(), "lz4", KIB, sizes.produceBytes() / KIB))
        .showing(MB_PER_SECOND)
        .ratio(CPU_PER_GB, 0.6);
  }

  private static BenchCase produceSmallJava() {
    return LoadCase.of(
            "produce-small-java",
            "produce 100 B, acks=all, Java client",
            ServerSettings.HOT_ONLY,
            (server, sizes) -> javaProducer(server.plain(), "none", SMALL, sizes.smallRecords()))
        .ratio(RECORDS_PER_SECOND, 1.1)
        .ratio(CPU_PER_MILLION_RECORDS, 0.5);
  }

  private static JavaProduceLoad javaProducer(
      Endpoint server, String compression, int valueBytes, long records) {
    return new JavaProduceLoad(server, PARTITIONS, compression, valueBytes, records);
  }

  private static BenchCase catchUp() {
    return LoadCase.of(
            "catch-up",
            "catch-up from the page cache, cheap client",
            ServerSettings.HOT_ONLY,
            (server, sizes) -> ReadCases.hot(server, PARTITIONS, sizes.readBytes()))
        .ratio(MB_PER_SECOND, 1.0)
        .ratio(CPU_PER_GB, 0.9);
  }

  private static BenchCase catchUpJava() {
    return LoadCase.of(
            "catch-up-java",
            "catch-up from the page cache, Java client",
            ServerSettings.HOT_ONLY,
            (server, sizes) -> ReadCases.hotByJava(server, PARTITIONS, sizes.readBytes()))
        .ratio(MB_PER_SECOND, 1.0)
        .ratio(CPU_PER_GB, 0.9);
  }

  private static BenchCase produceJavaEncrypted() {
    return LoadCase.of(
            "produce-java-tls",
            "produce 1 KiB, acks=all, over TLS, Java client",
            ServerSettings.HOT_ONLY.encrypted(),
            (server, sizes) ->
                javaProducer(server.encrypted(), "none", KIB, sizes.produceBytes() / KIB))
        .showing(MB_PER_SECOND)
        .ratio(CPU_PER_GB, 0.6);
  }

  private static BenchCase catchUpJavaEncrypted() {
    return LoadCase.of(
            "catch-up-java-tls",
            "catch-up from the page cache, over TLS, Java client",
            ServerSettings.HOT_ONLY.encrypted(),
            (server, sizes) -> ReadCases.hotByJavaEncrypted(server, PARTITIONS, sizes.readBytes()))
        .showing(MB_PER_SECOND)
        .ratio(CPU_PER_GB, 0.6);
  }

  private static BenchCase tail() {
    return paced(
            "tail",
            "tail at 20,000 records/s of 1 KiB",
            new TailLoad.Shape(PARTITIONS, 20_000, LINGER_MS, 1, false))
        .ratio(CPU_PER_GB, 0.5)
        .showing(P99_MS);
  }

  private static BenchCase fanOut() {
    return paced(
            "fan-out",
            "1 producer at 10,000/s, 10 consumers; CPU per GB delivered",
            new TailLoad.Shape(PARTITIONS, 10_000, LINGER_MS, 10, false))
        .ratio(CPU_PER_GB, 0.5)
        .showing(P99_MS);
  }

  private static BenchCase openLoop() {
    return paced(
            "open-loop",
            "open loop 1,000/s, acks=all, linger 0; end to end",
            new TailLoad.Shape(PARTITIONS, 1_000, 0, 1, false))
        .ratio(P99_MS, 0.6)
        .showing(P50_MS);
  }

  private static BenchCase cold(String name, int partitions) {
    return LoadCase.of(
            name,
            "cold replay from a folder, " + partitions + " partitions, cheap client",
            ReadCases.settings(new ColdTier.Directory()),
            (server, sizes) -> ReadCases.cold(server, partitions, sizes.coldBytes()))
        .ratio(MB_PER_SECOND, 1.5)
        .ratio(CPU_PER_GB, 0.6);
  }

  private static BenchCase coldJava(String name, int partitions) {
    return LoadCase.of(
            name,
            "cold replay from a folder, " + partitions + " partitions, Java client",
            ReadCases.settings(new ColdTier.Directory()),
            (server, sizes) -> ReadCases.coldByJava(server, partitions, sizes.coldBytes()))
        .ratio(MB_PER_SECOND, 1.5)
        .ratio(CPU_PER_GB, 0.6);
  }

  private static BenchCase smallProducers() {
    ProduceLoad.Settings one =
        new ProduceLoad.Settings(64, 1, SMALL, SMALL, 1, 0, ACKS_ALL, "none");
    return LoadCase.of(
            "small-producers",
            "64 connections, linger 0, a record of 100 B a request",
            ServerSettings.HOT_ONLY,
            (server, sizes) -> cheapProducer(server.bootstrap(), one, sizes.produce()))
        .showing(REQUESTS_PER_SECOND)
        .showing(CPU_MICROS_PER_REQUEST);
  }

  private static BenchCase manyPartitions() {
    return paced(
            "many-partitions",
            "1,000 partitions, 2,000 records/s in turn, one consumer",
            new TailLoad.Shape(1_000, 2_000, LINGER_MS, 1, true))
        .showing(CPU_PER_MILLION_RECORDS)
        .showing(P99_MS);
  }

  private static BenchCase cleaning() {
    return LoadCase.of(
            "cleaning",
            "cleaning a compacted log, 1 KiB, 10,000 keys",
            ServerSettings.HOT_ONLY.with("log.cleaner.backoff.ms", "100"),
            (server, sizes) -> new CleaningLoad(server.bootstrap(), sizes.produceBytes()))
        .ratio(MB_PER_SECOND, 1.0)
        .ratio(CPU_PER_GB, 1.0);
  }

  private static BenchCase replicated() {
    return LoadCase.ofCluster(
            "rf3",
            "three nodes, RF 3: produce 1 KiB, acks=all, cheap client; CPU of all nodes",
            (cluster, sizes) ->
                cheapProducer(cluster.bootstrap(), full(CLUSTER_CONNECTIONS, KIB), sizes.produce()))
        .ratio(MB_PER_SECOND, 1.3)
        .ratio(CPU_PER_GB, 0.5);
  }

  private static BenchCase replicatedJava() {
    return LoadCase.ofCluster(
            "rf3-java",
            "three nodes, RF 3: produce 1 KiB, acks=all, Java client; CPU of all nodes",
            (cluster, sizes) ->
                javaProducer(cluster.plain(), "none", KIB, sizes.produceBytes() / REPLICAS / KIB))
        .ratio(MB_PER_SECOND, 1.3)
        .ratio(CPU_PER_GB, 0.5);
  }

  private static BenchCase replicatedOpenLoop() {
    TailLoad.Shape shape = new TailLoad.Shape(PARTITIONS, 1_000, 0, 0, false);
    return LoadCase.ofCluster(
            "rf3-open-loop",
            "three nodes, RF 3: open loop 1,000/s, acks=all, linger 0; until acknowledged",
            (cluster, sizes) -> new TailLoad(cluster.bootstrap(), shape, sizes.paced()))
        .ratio(P99_MS, 0.6)
        .showing(P50_MS);
  }

  private static LoadCase paced(String name, String title, TailLoad.Shape shape) {
    return LoadCase.of(
        name,
        title,
        ServerSettings.HOT_ONLY,
        (server, sizes) -> new TailLoad(server.bootstrap(), shape, sizes.paced()));
  }

  private static BenchCase start(String name, String title, double startBound, int many) {
    return new StartCase(
        name,
        title,
        sizes -> many * sizes.manyPartitions(),
        List.of(new Target.Ratio(START_SECONDS, startBound), new Target.Ratio(IDLE_MIB, 0.5)));
  }

  private static BenchCase topics() {
    return LoadCase.of(
            "topics",
            "topics created one after the other",
            ServerSettings.HOT_ONLY,
            (server, sizes) -> new TopicCreationLoad(server.bootstrap(), sizes.topics()))
        .ratio(TOPICS_PER_SECOND, 5);
  }
}

package io.tidemark.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings of Kafka 4.4 that mean nothing here, with the reason: accepted, so that a Kafka
 * configuration can be brought along, and named in one warning at the start.
 */
final class IgnoredSettings {
  private record Group(String reason, List<String> keys) {}

  /** Families whose keys end in names of the user's or a plugin's own. */
  private static final Map<String, String> PREFIXES =
      Map.of(
          "listener.name.", "listeners have no such setting of their own",
          "rlmm.config.", "the cold tier's metadata is in the quorum",
          "rsm.config.", "the cold tier's store is tiering.store",
          "config.providers.", "the providers env, file and dir are built in");

  private static final List<Group> GROUPS =
      List.of(
          group(
              "TLS is the JDK's, with its own engines and algorithms",
              """
              security.providers
              ssl.engine.factory.class
              ssl.keymanager.algorithm
              ssl.provider
              ssl.secure.random.implementation
              ssl.trustmanager.algorithm
              """),
          group(
              "Kerberos and mechanisms of one's own are not served",
              """
              principal.builder.class
              sasl.client.callback.handler.class
              sasl.kerberos.kinit.cmd
              sasl.kerberos.min.time.before.relogin
              sasl.kerberos.principal.to.local.rules
              sasl.kerberos.service.name
              sasl.kerberos.ticket.renew.jitter
              sasl.kerberos.ticket.renew.window.factor
              sasl.login.callback.handler.class
              sasl.login.class
              sasl.login.connect.timeout.ms
              sasl.login.read.timeout.ms
              sasl.login.refresh.buffer.seconds
              sasl.login.refresh.min.period.seconds
              sasl.login.refresh.window.factor
              sasl.login.refresh.window.jitter
              sasl.login.retry.backoff.max.ms
              sasl.login.retry.backoff.ms
              sasl.oauthbearer.assertion.algorithm
              sasl.oauthbearer.assertion.claim.aud
              sasl.oauthbearer.assertion.claim.exp.seconds
              sasl.oauthbearer.assertion.claim.iss
              sasl.oauthbearer.assertion.claim.jti.include
              sasl.oauthbearer.assertion.claim.nbf.seconds
              sasl.oauthbearer.assertion.claim.sub
              sasl.oauthbearer.assertion.file
              sasl.oauthbearer.assertion.private.key.file
              sasl.oauthbearer.assertion.private.key.passphrase
              sasl.oauthbearer.assertion.template.file
              sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms
              sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
              sasl.oauthbearer.jwt.retriever.class
              sasl.oauthbearer.jwt.validator.class
              sasl.oauthbearer.scope.claim.name
              """),
          group(
              "the consumer group protocol of KIP-848 is not served yet",
              """
              group.consumer.assignment.interval.ms
              group.consumer.assignor.offload.enable
              group.consumer.assignors
              group.consumer.heartbeat.interval.ms
              group.consumer.max.assignment.interval.ms
              group.consumer.max.heartbeat.interval.ms
              group.consumer.max.session.timeout.ms
              group.consumer.max.size
              group.consumer.migration.policy
              group.consumer.min.assignment.interval.ms
              group.consumer.min.heartbeat.interval.ms
              group.consumer.min.session.timeout.ms
              group.consumer.regex.refresh.interval.ms
              group.consumer.session.timeout.ms
              group.coordinator.rebalance.protocols
              """),
          group(
              "share groups are not served yet",
              """
              errors.deadletterqueue.auto.create.topics.enable
              errors.deadletterqueue.topic.name.prefix
              group.share.assignment.interval.ms
              group.share.assignor.offload.enable
              group.share.assignors
              group.share.delivery.count.limit
              group.share.dlq.manager.class.name
              group.share.heartbeat.interval.ms
              group.share.initialize.retry.interval.ms
              group.share.max.assignment.interval.ms
              group.share.max.delivery.count.limit
              group.share.max.heartbeat.interval.ms
              group.share.max.partition.max.record.locks
              group.share.max.record.lock.duration.ms
              group.share.max.session.timeout.ms
              group.share.max.share.sessions
              group.share.max.size
              group.share.min.assignment.interval.ms
              group.share.min.delivery.count.limit
              group.share.min.heartbeat.interval.ms
              group.share.min.partition.max.record.locks
              group.share.min.record.lock.duration.ms
              group.share.min.session.timeout.ms
              group.share.partition.max.record.locks
              group.share.persister.class.name
              group.share.record.lock.duration.ms
              group.share.session.timeout.ms
              share.coordinator.append.linger.ms
              share.coordinator.cached.buffer.max.bytes
              share.coordinator.cold.partition.snapshot.interval.ms
              share.coordinator.load.buffer.size
              share.coordinator.snapshot.update.records.per.snapshot
              share.coordinator.state.topic.compression.codec
              share.coordinator.state.topic.min.isr
              share.coordinator.state.topic.num.partitions
              share.coordinator.state.topic.prune.interval.ms
              share.coordinator.state.topic.replication.factor
              share.coordinator.state.topic.segment.bytes
              share.coordinator.threads
              share.coordinator.write.timeout.ms
              share.fetch.purgatory.purge.interval.requests
              """),
          group(
              "streams groups are not served yet",
              """
              group.streams.acceptable.recovery.lag
              group.streams.assignment.interval.ms
              group.streams.assignor.offload.enable
              group.streams.assignors
              group.streams.heartbeat.interval.ms
              group.streams.initial.rebalance.delay.ms
              group.streams.max.assignment.interval.ms
              group.streams.max.heartbeat.interval.ms
              group.streams.max.session.timeout.ms
              group.streams.max.size
              group.streams.max.standby.replicas
              group.streams.max.warmup.replicas
              group.streams.min.assignment.interval.ms
              group.streams.min.heartbeat.interval.ms
              group.streams.min.session.timeout.ms
              group.streams.min.task.offset.interval.ms
              group.streams.num.standby.replicas
              group.streams.num.warmup.replicas
              group.streams.rack.aware.assignment.tags
              group.streams.session.timeout.ms
              group.streams.task.offset.interval.ms
              group.streams.topology.description.plugin.class
              """),
          group(
              "transactions that an outer system prepares and commits are not served",
              """
              transaction.two.phase.commit.enable
              """),
          group(
              "the cleaner's buffers are as large as the batches are",
              """
              log.cleaner.io.buffer.size
              """),
          group(
              "throttles of replication count by the second, and tiering has limits of its own",
              """
              alter.log.dirs.replication.quota.window.num
              alter.log.dirs.replication.quota.window.size.seconds
              client.quota.callback.class
              remote.log.manager.copy.quota.window.num
              remote.log.manager.copy.quota.window.size.seconds
              remote.log.manager.fetch.quota.window.num
              remote.log.manager.fetch.quota.window.size.seconds
              replication.quota.window.num
              replication.quota.window.size.seconds
              """),
          group(
              "how replicas are fetched, moved between disks and handed over is built in, with"
                  + " times of its own",
              """
              controlled.shutdown.enable
              controller.socket.timeout.ms
              follower.fetch.last.tiered.offset.enable
              log.dir.failure.timeout.ms
              num.replica.alter.log.dirs.threads
              replica.socket.receive.buffer.bytes
              request.timeout.ms
              socket.connection.setup.timeout.max.ms
              socket.connection.setup.timeout.ms
              unclean.leader.election.interval.ms
              """),
          group(
              "the cold tier is part of the node: tiering.store turns it on and the tiering.*"
                  + " settings shape it",
              """
              remote.fetch.max.wait.ms
              remote.list.offsets.request.timeout.ms
              remote.log.index.file.cache.ttl.ms
              remote.log.manager.copier.thread.pool.size
              remote.log.manager.expiration.thread.pool.size
              remote.log.manager.fetch.max.bytes.per.second
              remote.log.manager.follower.thread.pool.size
              remote.log.manager.task.interval.ms
              remote.log.manager.task.retry.backoff.max.ms
              remote.log.manager.task.retry.backoff.ms
              remote.log.manager.task.retry.jitter
              remote.log.manager.thread.pool.size
              remote.log.metadata.custom.metadata.max.bytes
              remote.log.metadata.manager.class.name
              remote.log.metadata.manager.class.path
              remote.log.metadata.manager.impl.prefix
              remote.log.metadata.manager.listener.name
              remote.log.reader.max.pending.tasks
              remote.log.reader.threads
              remote.log.storage.manager.class.name
              remote.log.storage.manager.class.path
              remote.log.storage.manager.impl.prefix
              remote.log.storage.system.enable
              """),
          group(
              "the metadata quorum is Apache Ratis, with its own log, snapshots and timing",
              """
              controller.performance.always.log.threshold.ms
              controller.performance.sample.period.ms
              controller.quorum.append.linger.ms
              controller.quorum.election.backoff.max.ms
              controller.quorum.fetch.max.bytes
              controller.quorum.fetch.snapshot.max.bytes
              controller.quorum.fetch.timeout.ms
              controller.quorum.request.timeout.ms
              controller.quorum.retry.backoff.ms
              early.start.listeners
              internal.metadata.delete.delay.millis
              internal.metadata.log.segment.bytes
              internal.metadata.max.batch.size.in.bytes
              metadata.log.max.record.bytes.between.snapshots
              metadata.log.max.snapshot.interval.ms
              metadata.log.segment.bytes
              metadata.log.segment.ms
              metadata.max.idle.interval.ms
              metadata.max.retention.bytes
              metadata.max.retention.ms
              server.max.startup.time.ms
              unstable.feature.versions.enable
              """),
          group(
              "event loops serve requests themselves, and what may wait is bounded in bytes by"
                  + " queued.max.request.bytes",
              """
              background.threads
              num.io.threads
              queued.max.requests
              """),
          group(
              "nothing waits in purgatories: a waiting request is woken by what it waits for",
              """
              delete.records.purgatory.purge.interval.requests
              fetch.purgatory.purge.interval.requests
              producer.purgatory.purge.interval.requests
              """),
          group(
              "metrics are Micrometer's and scraped at /metrics of tidemark.http.listener",
              """
              kafka.metrics.polling.interval.secs
              kafka.metrics.reporters
              metric.reporters
              metrics.num.samples
              metrics.recording.level
              metrics.sample.window.ms
              telemetry.max.bytes
              """),
          group(
              "coordinators work on the partition's own queue and gather records by themselves",
              """
              group.coordinator.append.linger.ms
              group.coordinator.background.threads
              group.coordinator.cached.buffer.max.bytes
              group.coordinator.threads
              offsets.commit.timeout.ms
              offsets.load.buffer.size
              offsets.topic.compression.codec
              transaction.state.log.load.buffer.size
              """),
          group(
              "the log directories do it by themselves",
              """
              log.flush.scheduler.interval.ms
              log.flush.start.offset.checkpoint.interval.ms
              log.initial.task.delay.ms
              log.preallocate
              producer.id.expiration.check.interval.ms
              replica.high.watermark.checkpoint.interval.ms
              """),
          group(
              "the providers env, file and dir are built in",
              """
              config.providers
              """),
          group(
              "only stable versions of the protocol are served",
              """
              unstable.api.versions.enable
              """));

  private static final Map<String, String> REASONS = reasons();

  private IgnoredSettings() {}

  private static Group group(String reason, String keys) {
    return new Group(reason, keys.lines().map(String::strip).toList());
  }

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new TreeMap<>();
    GROUPS.forEach(group -> group.keys.forEach(key -> reasons.put(key, group.reason)));
    return reasons;
  }

  /** Why the key has no effect, or null when it is none of these. */
  static @Nullable String reason(String key) {
    String reason = REASONS.get(key);
    if (reason != null) {
      return reason;
    }
    return PREFIXES.entrySet().stream()
        .filter(prefix -> key.startsWith(prefix.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** All keys with their reasons, by name. */
  static Map<String, String> all() {
    return new TreeMap<>(REASONS);
  }
}

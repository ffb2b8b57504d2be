package io.tidemark.tests.dashboards;

import java.util.List;

/** The dashboards that come with Tidemark. */
final class Dashboards {
  private static final String NODE = "{{instance}}";

  private Dashboards() {}

  static List<Dashboard> all() {
    return List.of(overview(), topics(), tiering(), groups(), quorum(), jvm());
  }

  private static Dashboard overview() {
    return new Dashboard(
        "tidemark-overview",
        "Tidemark: overview",
        List.of(
            Panel.of("Produced", "Bps", "Record batches appended for producers.")
                .rate("tidemark_topic_in_bytes_total", "instance", NODE),
            Panel.of("Consumed", "Bps", "Record batches sent to consumers, from both tiers.")
                .rate("tidemark_topic_out_bytes_total", "instance", NODE),
            Panel.of("Requests", "reqps", "Requests answered.")
                .rate("tidemark_requests_seconds_count", "api", "{{api}}"),
            Panel.of(
                    "Produce latency",
                    "s",
                    "From the last byte of a request to its answer; acks=all waits for all replicas"
                        + " in sync.")
                .line(
                    "max by (quantile)"
                        + " (tidemark_requests_seconds{api=\"Produce\",quantile=~\".+\"})",
                    "p{{quantile}}"),
            Panel.of(
                    "Errors",
                    "reqps",
                    "Error codes in answers. NOT_LEADER_OR_FOLLOWER for a moment is a leader that"
                        + " moved; KAFKA_STORAGE_ERROR and UNKNOWN_SERVER_ERROR are not normal.")
                .rate("tidemark_requests_errors_total", "api, error", "{{api}} {{error}}"),
            Panel.of(
                    "Replicas offline",
                    "short",
                    "Replicas that cannot serve. Anything but 0 is a fault.")
                .line("sum by (instance) (tidemark_log_replicas_offline)", NODE),
            Panel.of(
                    "Under-replicated partitions",
                    "short",
                    "Partitions with fewer replicas in sync than replicas.")
                .line("sum by (instance) (tidemark_log_replicas_under_replicated)", NODE),
            Panel.of(
                    "Follower lag",
                    "short",
                    "Committed records that the follower furthest behind has yet to fetch.")
                .line("max by (instance) (tidemark_replica_fetch_lag_max)", NODE),
            Panel.of(
                    "Connections",
                    "short",
                    "Kafka connections that are open, and those that wait for a limit.")
                .line("sum by (instance) (tidemark_connections_open)", "open " + NODE)
                .line("sum by (instance) (tidemark_connections_waiting)", "waiting " + NODE),
            Panel.of("Free disk", "percentunit", "Share of a log directory's disk that is free.")
                .line(
                    "tidemark_log_directory_free_bytes / tidemark_log_directory_total_bytes",
                    NODE + " {{directory}}"),
            Panel.of(
                    "Held back by quotas",
                    "reqps",
                    "Requests whose clients were made to wait, by what they had used too much of.")
                .rate("tidemark_quota_throttle_seconds_count", "quota", "{{quota}}"),
            Panel.of(
                    "Audit log",
                    "ops",
                    "Events told, and those that are missing in it. Anything missing is a fault.")
                .rate("tidemark_audit_events_total", "instance", "told " + NODE)
                .rate("tidemark_audit_dropped_total", "instance", "missing " + NODE)));
  }

  private static Dashboard topics() {
    return new Dashboard(
        "tidemark-topics",
        "Tidemark: topics",
        List.of(
            Panel.of("Produced by topic", "Bps", "The twenty busiest.")
                .line(
                    "topk(20, sum by (topic) (rate(tidemark_topic_in_bytes_total[$rate])))",
                    "{{topic}}"),
            Panel.of("Consumed by topic", "Bps", "The twenty busiest.")
                .line(
                    "topk(20, sum by (topic) (rate(tidemark_topic_out_bytes_total[$rate])))",
                    "{{topic}}"),
            Panel.of("Hot bytes", "bytes", "On local disks; the twenty largest.")
                .line("topk(20, sum by (topic) (tidemark_tiering_hot_bytes))", "{{topic}}"),
            Panel.of("Cold bytes", "bytes", "In the object store; the twenty largest.")
                .line("topk(20, sum by (topic) (tidemark_tiering_cold_bytes))", "{{topic}}"),
            Panel.of(
                    "Cold segments",
                    "short",
                    "Segments in the object store; the twenty topics with most.")
                .line("topk(20, sum by (topic) (tidemark_tiering_cold_segments))", "{{topic}}"),
            Panel.of(
                    "Waiting for upload",
                    "bytes",
                    "Closed segments that are not in the store yet; the twenty with most.")
                .line("topk(20, sum by (topic) (tidemark_tiering_waiting_bytes))", "{{topic}}"),
            Panel.of(
                    "To be compacted in the store",
                    "bytes",
                    "Of compacted topics, what may be rewritten and is not; the twenty with most.")
                .line("topk(20, sum by (topic) (tidemark_tiering_dirty_bytes))", "{{topic}}"),
            Panel.of(
                    "To be compacted on disks",
                    "bytes",
                    "The same of local logs. What only grows is a cleaner that cannot keep up.")
                .line("sum by (instance) (tidemark_log_cleaner_dirty_bytes)", NODE),
            Panel.of("Compaction on disks", "Bps", "Read by the cleaner, and what was left.")
                .rate("tidemark_log_cleaner_read_bytes_total", "instance", "read " + NODE)
                .rate("tidemark_log_cleaner_written_bytes_total", "instance", "written " + NODE)));
  }

  private static Dashboard tiering() {
    return new Dashboard(
        "tidemark-tiering",
        "Tidemark: tiering",
        List.of(
            Panel.of(
                    "Oldest segment waiting",
                    "s",
                    "Since the oldest segment that is not in the store was closed.")
                .line("max by (instance) (tidemark_tiering_upload_oldest_waiting_seconds)", NODE),
            Panel.of("Waiting bytes", "bytes", "Closed segments that are not in the store.")
                .line("sum by (instance) (tidemark_tiering_upload_lag_bytes)", NODE),
            Panel.of("Uploaded", "Bps", "Segment objects stored.")
                .rate("tidemark_tiering_upload_bytes_total", "instance", NODE),
            Panel.of("Failures", "ops", "Failures of tiering; each is tried again.")
                .rate("tidemark_tiering_failures_total", "kind", "{{kind}}"),
            Panel.of("Calls of the store", "reqps", "Every attempt, by operation and result.")
                .rate(
                    "tidemark_store_calls_seconds_count",
                    "operation, result",
                    "{{operation}} {{result}}"),
            Panel.of("Latency of the store, p99", "s", "By operation.")
                .line(
                    "histogram_quantile(0.99, sum by (le, operation)"
                        + " (rate(tidemark_store_calls_seconds_bucket[$rate])))",
                    "{{operation}}"),
            Panel.of(
                    "Concurrency",
                    "short",
                    "Calls under way, and how many may be; the limit sinks while the store"
                        + " throttles.")
                .line("sum by (kind) (tidemark_store_concurrency_used)", "used {{kind}}")
                .line("sum by (kind) (tidemark_store_concurrency_limit)", "limit {{kind}}"),
            Panel.of("Cold reads", "reqps", "Remote reads by what they met.")
                .rate("tidemark_remote_reads_total", "result", "{{result}}"),
            Panel.of(
                    "Downloaded and served",
                    "Bps",
                    "Far more downloaded than served is read ahead in vain, or a cache that is too"
                        + " small.")
                .rate("tidemark_remote_downloaded_bytes_total", "instance", "downloaded " + NODE)
                .rate("tidemark_remote_served_bytes_total", "instance", "served " + NODE),
            Panel.of(
                    "Damaged downloads",
                    "ops",
                    "Checksums that were wrong. Anything but 0 is a fault of store or network.")
                .rate("tidemark_remote_corrupt_total", "kind", "{{kind}}"),
            Panel.of("Compaction in the store", "Bps", "Read to be rewritten, and written again.")
                .rate("tidemark_tiering_compaction_read_bytes_total", "instance", "read " + NODE)
                .rate(
                    "tidemark_tiering_compaction_written_bytes_total",
                    "instance",
                    "written " + NODE),
            Panel.of(
                    "Turns at the store",
                    "short",
                    "Partitions that use the store, and those that wait for their turn.")
                .line("sum by (instance) (tidemark_tiering_turns_running)", "running " + NODE)
                .line("sum by (instance) (tidemark_tiering_turns_queued)", "waiting " + NODE)));
  }

  private static Dashboard groups() {
    return new Dashboard(
        "tidemark-groups",
        "Tidemark: groups and transactions",
        List.of(
            Panel.of("Lag", "short", "Records a group has yet to read; the twenty largest.")
                .line(
                    "topk(20, sum by (group, topic) (tidemark_group_lag))", "{{group}} {{topic}}"),
            Panel.of("Groups", "short", "By state.")
                .line("sum by (state) (tidemark_group_groups)", "{{state}}"),
            Panel.of(
                    "Rebalances",
                    "ops",
                    "Completed rebalances. A group that never rests shows here.")
                .rate("tidemark_group_rebalances_total", "instance", NODE),
            Panel.of("Commits", "ops", "Offsets committed by groups.")
                .rate("tidemark_group_offset_commits_total", "instance", NODE),
            Panel.of(
                    "Coordinators loading",
                    "s",
                    "Longest time to load a partition of a coordinator after an election.")
                .line("max by (instance) (tidemark_coordinator_load_seconds_max)", NODE),
            Panel.of("Transactions", "ops", "Ended on all their partitions, by result.")
                .rate("tidemark_transaction_ends_total", "result", "{{result}}"),
            Panel.of(
                    "Markers waiting",
                    "short",
                    "Ended transactions that readers of committed records cannot pass yet.")
                .line("sum by (instance) (tidemark_transaction_marker_waiting)", NODE),
            Panel.of("Producers", "short", "Idempotent producers remembered, and how many may be.")
                .line("tidemark_log_producers", "remembered " + NODE)
                .line("tidemark_log_producers_limit", "limit " + NODE)));
  }

  private static Dashboard quorum() {
    return new Dashboard(
        "tidemark-quorum",
        "Tidemark: metadata quorum",
        List.of(
            Panel.of(
                    "Controller",
                    "short",
                    "1 where the active controller is. The sum is 1 but for moments.")
                .line("max by (instance) (tidemark_controller_active)", NODE),
            Panel.of("Commits", "ops", "Decisions written to the quorum.")
                .rate("tidemark_controller_commit_seconds_count", "instance", NODE),
            Panel.of("Time to commit", "s", "On average.")
                .line(
                    "sum by (instance) (rate(tidemark_controller_commit_seconds_sum[$rate])) / sum"
                        + " by (instance) (rate(tidemark_controller_commit_seconds_count[$rate]))",
                    NODE),
            Panel.of("Waiting calls", "short", "Calls that wait to be decided.")
                .line("sum by (instance) (tidemark_controller_waiting_calls)", NODE),
            Panel.of("Nodes fenced", "ops", "By the controller, by reason.")
                .rate("tidemark_controller_nodes_fenced_total", "reason", "{{reason}}")));
  }

  private static Dashboard jvm() {
    return new Dashboard(
        "tidemark-jvm",
        "Tidemark: process and JVM",
        List.of(
            Panel.of("CPU", "percentunit", "Of the machine.").line("process_cpu_usage", NODE),
            Panel.of("Heap", "bytes", "In use.")
                .line("sum by (instance) (jvm_memory_used_bytes{area=\"heap\"})", NODE),
            Panel.of(
                    "Memory outside the heap", "bytes", "Taken by the network code, and its limit.")
                .line("tidemark_netty_direct_memory_used_bytes", "used " + NODE)
                .line("tidemark_netty_direct_memory_limit_bytes", "limit " + NODE),
            Panel.of(
                    "Request memory",
                    "bytes",
                    "Held by requests that arrive or are worked on, and its limit.")
                .line("tidemark_requests_memory_used_bytes", "{{clients}} used " + NODE)
                .line("tidemark_requests_memory_limit_bytes", "{{clients}} limit " + NODE),
            Panel.of("Garbage collection", "percentunit", "Share of time in pauses.")
                .rate("jvm_gc_pause_seconds_sum", "instance", NODE),
            Panel.of("Longest pause", "s", "Of the last minutes.")
                .line("max by (instance) (jvm_gc_pause_seconds_max)", NODE),
            Panel.of("Threads", "short", "").line("jvm_threads_live_threads", NODE),
            Panel.of("Open files", "short", "And how many may be open.")
                .line("process_files_open_files", "open " + NODE)
                .line("process_files_max_files", "limit " + NODE),
            Panel.of("Writes to logs, p99", "s", "One write: all batches of a drain.")
                .line("tidemark_log_write_seconds{quantile=\"0.99\"}", NODE),
            Panel.of("Forces of logs, p99", "s", "One fsync.")
                .line("tidemark_log_flush_seconds{quantile=\"0.99\"}", NODE)));
  }
}

package io.tidemark.gateway.security.audit;

import static io.tidemark.gateway.security.audit.Changes.NOTHING;
import static io.tidemark.gateway.security.audit.Changes.answered;

import io.tidemark.gateway.security.audit.Changes.Asked;
import io.tidemark.gateway.security.audit.Changes.Changed;
import io.tidemark.gateway.security.audit.Changes.Readers;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Changes of a cluster's nodes, features and groups. */
final class ClusterChanges {
  private ClusterChanges() {}

  static void addTo(Readers readers) {
    readers.add(
        ApiKeys.UNREGISTER_BROKER,
        UnregisterBrokerRequestData.class,
        ClusterChanges::unregistration);
    readers.add(ApiKeys.ADD_RAFT_VOTER, AddRaftVoterRequestData.class, ClusterChanges::newVoter);
    readers.add(
        ApiKeys.REMOVE_RAFT_VOTER, RemoveRaftVoterRequestData.class, ClusterChanges::removedVoter);
    readers.add(ApiKeys.UPDATE_FEATURES, UpdateFeaturesRequestData.class, ClusterChanges::features);
    readers.add(ApiKeys.DELETE_GROUPS, DeleteGroupsRequestData.class, _ -> groups());
    readers.add(ApiKeys.OFFSET_DELETE, OffsetDeleteRequestData.class, ClusterChanges::offsets);
  }

  private static Asked unregistration(UnregisterBrokerRequestData request) {
    int node = request.brokerId();
    return answered(
        UnregisterBrokerResponseData.class,
        answer -> Stream.of(node(node, "unregister", answer.errorCode())));
  }

  private static Asked newVoter(AddRaftVoterRequestData request) {
    int node = request.voterId();
    return answered(
        AddRaftVoterResponseData.class,
        answer -> Stream.of(node(node, "add voter", answer.errorCode())));
  }

  private static Asked removedVoter(RemoveRaftVoterRequestData request) {
    int node = request.voterId();
    return answered(
        RemoveRaftVoterResponseData.class,
        answer -> Stream.of(node(node, "remove voter", answer.errorCode())));
  }

  private static Changed node(int id, String detail, short errorCode) {
    return Changed.of("node", Integer.toString(id), detail, errorCode);
  }

  /** All together or none, so that one error is that of each. */
  private static Asked features(UpdateFeaturesRequestData request) {
    if (request.validateOnly()) {
      return NOTHING;
    }
    Map<String, Short> levels =
        request.featureUpdates().stream()
            .collect(
                Collectors.toMap(
                    FeatureUpdateKey::feature,
                    FeatureUpdateKey::maxVersionLevel,
                    (_, last) -> last));
    return answered(
        UpdateFeaturesResponseData.class,
        answer ->
            levels.entrySet().stream()
                .map(level ->
                    Changed.of(
                        "feature",
                        level.getKey(),
                        "level=" + level.getValue(),
                        answer.errorCode())));
  }

  private static Asked groups() {
    return answered(
        DeleteGroupsResponseData.class,
        answer ->
            answer.results().stream()
                .map(group -> group(group.groupId(), "delete", group.errorCode())));
  }

  private static Asked offsets(OffsetDeleteRequestData request) {
    String group = request.groupId();
    return answered(
        OffsetDeleteResponseData.class,
        answer -> Stream.of(group(group, "delete offsets", answer.errorCode())));
  }

  private static Changed group(String id, String detail, short errorCode) {
    return Changed.of("group", id, detail, errorCode);
  }
}

package io.tidemark.gateway.cli;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.Node;
import picocli.CommandLine.Command;

@Command(
    name = "cluster",
    description = "Show the cluster, or see what one does.",
    subcommands = {ClusterCommand.Describe.class, ClusterQuickstartCommand.class})
final class ClusterCommand extends GroupOfCommands {

  @Command(name = "describe", description = "Show the cluster's id, nodes and quorum.")
  static final class Describe extends NodeCommand {
    @Override
    int run(Admin admin) throws Exception {
      DescribeClusterResult cluster = admin.describeCluster();
      Node controller = await(cluster.controller());
      QuorumInfo quorum = await(admin.describeMetadataQuorum().quorumInfo());
      Result result = new Result("cluster", "node", "address", "rack", "controller", "voter");
      for (Node node : await(cluster.nodes())) {
        result.add(
            await(cluster.clusterId()),
            node.id(),
            node.host() + ":" + node.port(),
            node.rack(),
            controller != null && controller.id() == node.id(),
            quorum.voters().stream().anyMatch(voter -> voter.replicaId() == node.id()));
      }
      print(result);
      return ExitCode.DONE;
    }
  }
}

package io.tidemark.gateway.cli;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.Uuid;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "add-voter",
    description =
        "Let a node vote in the metadata quorum. It runs with the controller role and an empty"
            + " metadata.log.dir, names itself in controller.quorum.voters, and is given what the"
            + " others have first.")
final class QuorumAddVoterCommand extends NodeCommand {
  private static final Pattern VOTER = Pattern.compile("(\\d{1,9})@(.+):(\\d{1,5})");
  private static final String LISTENER = "QUORUM";

  @Parameters(
      paramLabel = "ID@HOST:PORT",
      description = "The node's id, and where it listens for other voters.")
  String voter = "";

  @Override
  int run(Admin admin) throws Exception {
    Matcher matcher = VOTER.matcher(voter);
    if (!matcher.matches()) {
      throw CommandFailure.usage("'%s' is not id@host:port".formatted(voter));
    }
    int nodeId = Integer.parseInt(matcher.group(1));
    RaftVoterEndpoint endpoint =
        new RaftVoterEndpoint(LISTENER, matcher.group(2), Integer.parseInt(matcher.group(3)));
    await(admin.addRaftVoter(nodeId, Uuid.ZERO_UUID, Set.of(endpoint)).all());
    say("added", "node %d votes".formatted(nodeId));
    return ExitCode.DONE;
  }
}

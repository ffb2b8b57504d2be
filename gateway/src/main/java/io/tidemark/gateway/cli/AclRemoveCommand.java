package io.tidemark.gateway.cli;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "remove", description = "Remove rules, named as they were added.")
final class AclRemoveCommand extends NodeCommand {
  @Mixin AclRuleOptions options = new AclRuleOptions();

  @Override
  int run(Admin admin) throws Exception {
    List<AclBinding> rules = options.rules();
    int removed =
        await(admin.deleteAcls(rules.stream().map(AclBinding::toFilter).toList()).all()).size();
    say("removed", "removed " + removed + " rules");
    return ExitCode.DONE;
  }
}

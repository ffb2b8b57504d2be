package io.tidemark.gateway.cli;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "add", description = "Add rules: every operation on every resource by everybody.")
final class AclAddCommand extends NodeCommand {
  @Mixin AclRuleOptions options = new AclRuleOptions();

  @Override
  int run(Admin admin) throws Exception {
    List<AclBinding> rules = options.rules();
    await(admin.createAcls(rules).all());
    say("added", "added " + rules.size() + " rules");
    return ExitCode.DONE;
  }
}

package io.tidemark.gateway.cli;

import java.util.Comparator;
import java.util.Locale;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the rules.")
final class AclListCommand extends NodeCommand {
  @Option(
      names = "--principal",
      paramLabel = "User:NAME",
      description = "Only those about this principal.")
  @Nullable String principal;

  @Override
  int run(Admin admin) throws Exception {
    Result result =
        new Result("type", "resource", "pattern", "principal", "host", "operation", "permission");
    await(admin.describeAcls(AclBindingFilter.ANY).values()).stream()
        .filter(acl -> principal == null || acl.entry().principal().equals(principal))
        .sorted(Comparator.comparing(AclBinding::toString))
        .forEach(acl ->
            result.add(
                lower(acl.pattern().resourceType()),
                acl.pattern().name(),
                lower(acl.pattern().patternType()),
                acl.entry().principal(),
                acl.entry().host(),
                lower(acl.entry().operation()),
                lower(acl.entry().permissionType())));
    print(result);
    return ExitCode.DONE;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}

package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterClientQuotasOptions;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "alter",
    description = {
      "Set and take away quotas of a user, a client id, both together or an address.",
      "Of users and client ids: producer_byte_rate, consumer_byte_rate, request_percentage,"
          + " controller_mutation_rate, tidemark.remote.fetch.byte.rate,"
          + " tidemark.remote.fetch.request.rate. Of addresses: connection_creation_rate.",
      "Rates are a second, and of each node."
    })
final class QuotaAlterCommand extends NodeCommand {
  @Mixin QuotaEntityOptions options = new QuotaEntityOptions();

  @Option(
      names = "--set",
      paramLabel = "QUOTA=VALUE",
      description = "Sets a quota; may be repeated.")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--unset",
      paramLabel = "QUOTA",
      description = "Takes a quota away; may be repeated.")
  List<String> unset = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only ask whether it could be done.")
  boolean dryRun;

  @Override
  int run(Admin admin) throws Exception {
    ClientQuotaEntity entity = options.entity();
    List<ClientQuotaAlteration.Op> operations = new ArrayList<>();
    KeyValues.parse("--set", set)
        .forEach((quota, value) -> operations.add(operation(quota, number(quota, value))));
    unset.forEach(quota -> operations.add(operation(quota, null)));
    if (operations.isEmpty()) {
      throw CommandFailure.usage("nothing to change: give --set quota=value or --unset quota");
    }
    await(
        admin
            .alterClientQuotas(
                List.of(new ClientQuotaAlteration(entity, operations)),
                new AlterClientQuotasOptions().validateOnly(dryRun))
            .all());
    say(dryRun ? "valid" : "altered", dryRun ? "could be altered" : "altered");
    return ExitCode.DONE;
  }

  /**
   * @param value null takes the quota away
   */
  private static ClientQuotaAlteration.Op operation(String quota, @Nullable Double value) {
    return new ClientQuotaAlteration.Op(quota, value);
  }

  private static double number(String quota, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw CommandFailure.usage("--set " + quota + "=" + value + " is no number");
    }
  }
}

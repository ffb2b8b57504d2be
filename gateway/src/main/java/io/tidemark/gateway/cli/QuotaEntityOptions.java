package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a quota is for. */
final class QuotaEntityOptions {
  @Option(names = "--user", paramLabel = "NAME", description = "This user.")
  @Nullable String user;

  @Option(names = "--default-user", description = "Every user who has no quota under its own name.")
  boolean defaultUser;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "Clients that call themselves so; together with a user, that user's alone.")
  @Nullable String clientId;

  @Option(
      names = "--default-client-id",
      description = "Every client id that has no quota under its own name.")
  boolean defaultClientId;

  @Option(names = "--ip", paramLabel = "ADDRESS", description = "This address.")
  @Nullable String ip;

  @Option(names = "--default-ip", description = "Every address that has no quota of its own.")
  boolean defaultIp;

  /**
   * The entity, by Kafka's types; a null name is the default.
   *
   * @throws CommandFailure when the options contradict each other
   */
  private Map<String, @Nullable String> names() {
    Map<String, @Nullable String> names = new HashMap<>();
    put(names, ClientQuotaEntity.USER, "user", user, defaultUser);
    put(names, ClientQuotaEntity.CLIENT_ID, "client-id", clientId, defaultClientId);
    put(names, ClientQuotaEntity.IP, "ip", ip, defaultIp);
    if (names.containsKey(ClientQuotaEntity.IP) && names.size() > 1) {
      throw CommandFailure.usage("--ip does not go together with users or client ids");
    }
    return names;
  }

  private static void put(
      Map<String, @Nullable String> names,
      String type,
      String option,
      @Nullable String name,
      boolean isDefault) {
    if (name != null && isDefault) {
      throw CommandFailure.usage("give --%s or --default-%s, not both".formatted(option, option));
    }
    if (name != null || isDefault) {
      names.put(type, name);
    }
  }

  ClientQuotaEntity entity() {
    Map<String, @Nullable String> names = names();
    if (names.isEmpty()) {
      throw CommandFailure.usage(
          "give --user, --client-id or --ip, or one of --default-user, --default-client-id and"
              + " --default-ip");
    }
    return new ClientQuotaEntity(names);
  }

  List<ClientQuotaFilterComponent> filter() {
    List<ClientQuotaFilterComponent> components = new ArrayList<>();
    names()
        .forEach((type, name) ->
            components.add(
                name == null
                    ? ClientQuotaFilterComponent.ofDefaultEntity(type)
                    : ClientQuotaFilterComponent.ofEntity(type, name)));
    return components;
  }
}

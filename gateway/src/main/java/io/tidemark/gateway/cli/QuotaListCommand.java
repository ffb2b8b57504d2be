package io.tidemark.gateway.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "List quotas: all of them, or those of what is named, alone or with others.")
final class QuotaListCommand extends NodeCommand {
  private static final String BY_DEFAULT = "<default>";

  @Mixin QuotaEntityOptions options = new QuotaEntityOptions();

  private record Row(
      @Nullable String user,
      @Nullable String clientId,
      @Nullable String ip,
      String quota,
      Double value) {}

  @Override
  int run(Admin admin) throws Exception {
    List<Row> rows = new ArrayList<>();
    await(admin.describeClientQuotas(ClientQuotaFilter.contains(options.filter())).entities())
        .forEach((entity, quotas) ->
            new TreeMap<>(quotas).forEach((quota, value) -> rows.add(row(entity, quota, value))));
    rows.sort(
        Comparator.comparing((Row row) -> String.valueOf(row.ip))
            .thenComparing(row -> String.valueOf(row.user))
            .thenComparing(row -> String.valueOf(row.clientId))
            .thenComparing(Row::quota));
    Result result = new Result("user", "client id", "ip", "quota", "value");
    rows.forEach(row -> result.add(row.user, row.clientId, row.ip, row.quota, plain(row.value)));
    print(result);
    return ExitCode.DONE;
  }

  private static Row row(ClientQuotaEntity entity, String quota, Double value) {
    return new Row(
        name(entity.entries(), ClientQuotaEntity.USER),
        name(entity.entries(), ClientQuotaEntity.CLIENT_ID),
        name(entity.entries(), ClientQuotaEntity.IP),
        quota,
        value);
  }

  private static @Nullable String name(Map<String, String> names, String type) {
    if (!names.containsKey(type)) {
      return null;
    }
    @Nullable String name = names.get(type);
    return name == null ? BY_DEFAULT : name;
  }

  /** A whole number without its decimal point. */
  private static Number plain(double value) {
    long whole = (long) value;
    if (whole == value) {
      return whole;
    }
    return value;
  }
}

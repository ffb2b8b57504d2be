package io.tidemark.gateway.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigException;

/** Whether what was set of the HTTP port goes together. */
final class HttpChecks {
  private final NodeConfig config;
  private final List<String> problems;
  private final List<String> warnings;

  HttpChecks(NodeConfig config, List<String> problems, List<String> warnings) {
    this.config = config;
    this.problems = problems;
    this.warnings = warnings;
  }

  /**
   * @param isReachable whether other machines reach the port
   */
  void run(HostPort address, boolean isReachable) {
    HttpSettings http = config.http();
    try {
      String anonymous = http.anonymous();
      boolean isDemanded =
          http.encryption().isEncrypted()
              && "required".equals(http.encryption().tls().get(TlsKeys.CLIENT_AUTH));
      if (isReachable && !isDemanded && anonymous.equals("all")) {
        checkOpen(address, http);
      }
      if (isReachable && !http.encryption().isEncrypted() && http.asksForCredentials()) {
        warnings.add(
            "The HTTP listener %s can be reached from other machines, and credentials are sent to it without encryption"
                .formatted(address));
      }
    } catch (ConfigException e) {
      problems.add(e.getMessage());
    }
  }

  private void checkOpen(HostPort address, HttpSettings http) {
    if (http.saidOfAnonymous().isEmpty()) {
      problems.add(
          "%s: %s can be reached from other machines and nobody there is asked for credentials; set %s or %s, or say with %s what anybody may ask for"
              .formatted(
                  ObservationKeys.HTTP_LISTENER,
                  address,
                  HttpKeys.USERS,
                  HttpKeys.TOKEN,
                  HttpKeys.ANONYMOUS));
    } else {
      warnings.add(
          "The HTTP listener %s can be reached from other machines, and anybody may ask it for everything"
              .formatted(address));
    }
  }
}

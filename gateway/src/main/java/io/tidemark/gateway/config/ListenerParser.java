package io.tidemark.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** Reads the texts that name places in a network. Throws {@link ConfigException} with the key. */
final class ListenerParser {
  private static final Pattern LISTENER = Pattern.compile("([A-Za-z0-9_-]+)://(.*)");
  private static final Pattern VOTER = Pattern.compile("(\\d+)@(.+)");
  private static final Pattern HOST_PORT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]*)]|([^:\\[\\]/@\\s]*)):(\\d{1,5})");
  private static final int MAX_PORT = 65_535;

  private ListenerParser() {}

  /** {@code NAME://host:port}, each name once. */
  static List<Endpoint> listeners(String key, List<String> texts) {
    Map<String, Endpoint> byName = new LinkedHashMap<>();
    for (String text : texts) {
      Matcher matcher = LISTENER.matcher(text.strip());
      if (!matcher.matches()) {
        throw new ConfigException(key, text, "is not of the form NAME://host:port");
      }
      String name = matcher.group(1).toUpperCase(Locale.ROOT);
      Endpoint endpoint = new Endpoint(name, hostPort(key, matcher.group(2)));
      if (byName.put(name, endpoint) != null) {
        throw new ConfigException(key, text, "the listener " + name + " is there twice");
      }
    }
    return List.copyOf(byName.values());
  }

  /** {@code id@host:port}, each id once. */
  static List<QuorumVoter> voters(String key, List<String> texts) {
    List<QuorumVoter> voters = new ArrayList<>();
    for (String text : texts) {
      Matcher matcher = VOTER.matcher(text.strip());
      if (!matcher.matches()) {
        throw new ConfigException(key, text, "is not of the form id@host:port");
      }
      int id = number(key, matcher.group(1), Integer.MAX_VALUE);
      if (voters.stream().anyMatch(voter -> voter.id() == id)) {
        throw new ConfigException(key, text, "the voter " + id + " is there twice");
      }
      voters.add(new QuorumVoter(id, hostPort(key, matcher.group(2))));
    }
    return List.copyOf(voters);
  }

  /** {@code host:port}, {@code [address]:port} or {@code :port}. */
  static HostPort hostPort(String key, String text) {
    Matcher matcher = HOST_PORT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new ConfigException(key, text, "is not of the form host:port");
    }
    String host = Optional.ofNullable(matcher.group(1)).orElseGet(() -> matcher.group(2));
    return new HostPort(host, number(key, matcher.group(3), MAX_PORT));
  }

  /** {@code NAME:PROTOCOL} pairs. */
  static Map<String, String> protocols(String key, String text) {
    Map<String, String> protocols = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      String[] parts = pair.strip().split(":", -1);
      if (parts.length != 2) {
        throw new ConfigException(key, pair, "is not of the form NAME:PROTOCOL");
      }
      protocols.put(
          parts[0].strip().toUpperCase(Locale.ROOT), parts[1].strip().toUpperCase(Locale.ROOT));
    }
    return protocols;
  }

  /** {@code host:number} pairs. */
  static Map<String, Integer> limits(String key, String text) {
    Map<String, Integer> limits = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int colon = pair.lastIndexOf(':');
      if (colon < 1) {
        throw new ConfigException(key, pair, "is not of the form host:number");
      }
      limits.put(
          pair.substring(0, colon).strip(),
          number(key, pair.substring(colon + 1).strip(), Integer.MAX_VALUE));
    }
    return limits;
  }

  private static int number(String key, String text, int max) {
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ConfigException(key, text, "is not a number from 0 to " + max);
  }
}

package io.tidemark.metadata.quorum;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A voter of the quorum and where it listens for the others. */
public record Voter(int nodeId, String host, int port) {
  private static final Pattern ENTRY = Pattern.compile("(\\d{1,9})@([^@\\s]+):(\\d{1,5})");

  /**
   * Reads {@code controller.quorum.voters}: {@code id@host:port}, separated by commas.
   *
   * @throws IllegalArgumentException with the entry that is wrong
   */
  public static List<Voter> parse(String voters) {
    List<Voter> parsed = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (String entry : voters.split(",", -1)) {
      Voter voter = parseOne(entry.strip());
      if (!ids.add(voter.nodeId())) {
        throw new IllegalArgumentException("Node %d is named twice".formatted(voter.nodeId()));
      }
      parsed.add(voter);
    }
    if (parsed.size() % 2 == 0) {
      throw new IllegalArgumentException(
          "%d voters; an odd number is needed, 1, 3 or 5".formatted(parsed.size()));
    }
    return List.copyOf(parsed);
  }

  /** From {@code host:port}. */
  static Voter of(int nodeId, String address) {
    int colon = address.lastIndexOf(':');
    return new Voter(
        nodeId, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  private static Voter parseOne(String entry) {
    Matcher matcher = ENTRY.matcher(entry);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : -1;
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("'%s' is not id@host:port".formatted(entry));
    }
    return new Voter(Integer.parseInt(matcher.group(1)), matcher.group(2), port);
  }

  public String address() {
    return host + ":" + port;
  }
}

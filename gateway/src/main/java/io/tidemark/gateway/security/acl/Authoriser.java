package io.tidemark.gateway.security.acl;

import io.tidemark.metadata.image.SecurityImage;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * The rules of who may do what, as they are now. What it gives out follows them: a change holds for
 * the next question, whoever asks. Safe from any thread.
 */
public final class Authoriser {
  /** Holds nobody back. */
  public static final Authoriser NONE = new Authoriser(false, Set.of(), false);

  /** Decisions one connection remembers; a client that asks about more begins again. */
  private static final int MAX_REMEMBERED = 1_000;

  private final boolean isOn;
  private final Set<KafkaPrincipal> superUsers;
  private final boolean allowsUnspokenOf;

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Volatile because the image's thread writes it and everybody reads it. */
  private volatile AclIndex rules;

  /**
   * @param isOn whether there is anything to hold anybody back
   * @param allowsUnspokenOf whether everybody may use what no rule speaks of
   */
  public Authoriser(boolean isOn, Set<KafkaPrincipal> superUsers, boolean allowsUnspokenOf) {
    this.isOn = isOn;
    this.superUsers = Set.copyOf(superUsers);
    this.allowsUnspokenOf = allowsUnspokenOf;
    this.rules = new AclIndex(SecurityImage.EMPTY, allowsUnspokenOf);
  }

  public boolean isOn() {
    return isOn;
  }

  /** Other rules hold from here on. */
  public void update(SecurityImage image) {
    rules = new AclIndex(image, allowsUnspokenOf);
    listeners.forEach(Runnable::run);
  }

  /** Runs this after each change of rules, for what does not ask by itself; must not wait. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** What somebody may do; asked once for a connection, and kept. */
  public Access access(KafkaPrincipal principal, InetAddress host) {
    if (!isOn || superUsers.contains(principal)) {
      return Access.unlimited(principal);
    }
    return new Remembering(principal, host.getHostAddress());
  }

  private record Question(AclOperation operation, ResourceType type, String name) {}

  /** Decisions made by one state of the rules. */
  private record Remembered(AclIndex rules, Map<Question, Boolean> decisions) {}

  private final class Remembering implements Access {
    private final KafkaPrincipal principal;
    private final String name;
    private final String host;
    private volatile Remembered remembered = new Remembered(rules, new ConcurrentHashMap<>());

    Remembering(KafkaPrincipal principal, String host) {
      this.principal = principal;
      this.name = principal.toString();
      this.host = host;
    }

    @Override
    public KafkaPrincipal principal() {
      return principal;
    }

    @Override
    public boolean isUnlimited() {
      return false;
    }

    @Override
    public boolean may(AclOperation operation, ResourceType type, String resource) {
      if (resource.isEmpty()) {
        return false; // no rule can speak of it, and no resource is called so
      }
      Remembered known = current();
      Question question = new Question(operation, type, resource);
      Boolean decided = known.decisions.get(question);
      if (decided != null) {
        return decided;
      }
      boolean decision = known.rules.allows(name, host, operation, type, resource);
      if (known.decisions.size() >= MAX_REMEMBERED) {
        known.decisions.clear();
      }
      known.decisions.put(question, decision);
      return decision;
    }

    @Override
    public boolean mayOnAny(AclOperation operation, ResourceType type) {
      return rules.allowsAny(name, host, operation, type);
    }

    private Remembered current() {
      AclIndex now = rules;
      Remembered known = remembered;
      if (known.rules != now) {
        known = new Remembered(now, new ConcurrentHashMap<>());
        remembered = known;
      }
      return known;
    }
  }
}

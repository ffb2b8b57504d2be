package io.tidemark.metadata.image;

import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.ResourcePattern;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * Who may do what, and by what users prove who they are. No pattern is without an entry.
 *
 * @param acls rules by the resources they speak of
 * @param tokens delegation tokens by their ids
 */
public record SecurityImage(
    PMap<ResourcePattern, PSet<AccessControlEntry>> acls,
    PMap<ScramUser, ScramSecret> scram,
    PMap<String, DelegationToken> tokens) {

  public static final SecurityImage EMPTY =
      new SecurityImage(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

  /** The entries of one pattern, none where it has none. */
  public PSet<AccessControlEntry> entries(ResourcePattern pattern) {
    PSet<AccessControlEntry> entries = acls.get(pattern);
    return entries == null ? HashTreePSet.empty() : entries;
  }

  public boolean contains(AclBinding acl) {
    return entries(acl.pattern()).contains(acl.entry());
  }

  /** Every rule, in no order. */
  public Stream<AclBinding> bindings() {
    return acls.entrySet().stream()
        .flatMap(
            rules -> rules.getValue().stream().map(entry -> new AclBinding(rules.getKey(), entry)));
  }

  /** This image with one rule more. */
  public SecurityImage with(AclBinding acl) {
    return new SecurityImage(
        acls.plus(acl.pattern(), entries(acl.pattern()).plus(acl.entry())), scram, tokens);
  }

  /** This image with one rule less. */
  public SecurityImage without(AclBinding acl) {
    PSet<AccessControlEntry> rest = entries(acl.pattern()).minus(acl.entry());
    return new SecurityImage(
        rest.isEmpty() ? acls.minus(acl.pattern()) : acls.plus(acl.pattern(), rest), scram, tokens);
  }

  public SecurityImage with(ScramUser user, ScramSecret secret) {
    return new SecurityImage(acls, scram.plus(user, secret), tokens);
  }

  public SecurityImage without(ScramUser user) {
    return new SecurityImage(acls, scram.minus(user), tokens);
  }

  public SecurityImage with(DelegationToken token) {
    return new SecurityImage(acls, scram, tokens.plus(token.id(), token));
  }

  public SecurityImage withoutToken(String id) {
    return new SecurityImage(acls, scram, tokens.minus(id));
  }
}

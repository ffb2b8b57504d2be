package io.tidemark.metadata.image;

import java.util.Collection;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** All registered nodes, fenced ones included. */
public record NodesImage(PMap<Integer, NodeImage> nodesById) {

  public static final NodesImage EMPTY = new NodesImage(HashTreePMap.empty());

  public Optional<NodeImage> get(int id) {
    return Optional.ofNullable(nodesById.get(id));
  }

  /** Every registered node, in no order. */
  public Collection<NodeImage> all() {
    return nodesById.values();
  }

  /** Registered and not fenced: what clients are told of. */
  public boolean isAlive(int id) {
    NodeImage node = nodesById.get(id);
    return node != null && !node.fenced();
  }

  public int size() {
    return nodesById.size();
  }
}

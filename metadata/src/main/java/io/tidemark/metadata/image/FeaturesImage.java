package io.tidemark.metadata.image;

import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The finalised level of each feature; a feature that is not there is at level 0.
 *
 * @param epoch the quorum's index of the last change, which ApiVersions carries; −1 before any
 */
public record FeaturesImage(PMap<String, Short> levels, long epoch) {

  public static final FeaturesImage EMPTY = new FeaturesImage(HashTreePMap.empty(), -1);

  public short level(String feature) {
    Short level = levels.get(feature);
    return level == null ? 0 : level;
  }
}

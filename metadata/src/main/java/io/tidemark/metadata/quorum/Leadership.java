package io.tidemark.metadata.quorum;

/**
 * Who leads the quorum in which term.
 *
 * @param leaderId {@link #NOBODY} while there is none
 * @param isSelf whether this voter leads and everything committed in earlier terms is in its image
 */
public record Leadership(int leaderId, long term, boolean isSelf) {

  public static final int NOBODY = -1;

  public static final Leadership UNKNOWN = new Leadership(NOBODY, 0, false);
}

package io.tidemark.metadata.quorum;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageListener;
import java.util.concurrent.Executor;

/** Keeps a node's image up to date. */
public final class ImageFollower implements AutoCloseable {
  private volatile ClusterImage image = ClusterImage.EMPTY;

  public ImageFollower(Quorum quorum, Executor executor) {
    throw new UnsupportedOperationException();
  }

  /** Begins to follow. Listeners added before see every change from the empty image on. */
  public void start() {
    throw new UnsupportedOperationException();
  }

  /** Adds a listener; it is told on the executor of everything the image holds already. */
  public void listen(ImageListener listener) {
    throw new UnsupportedOperationException();
  }

  public ClusterImage image() {
    return image;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}

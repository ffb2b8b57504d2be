package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.ImageDifference;
import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's image: asks for what came after its version, folds it, tells the listeners, asks
 * again.
 *
 * <pre>
 *   source.updatesAfter(version) ──► entries: fold ──┐
 *        ▲                           snapshot: take ─┴─► image ──► listeners
 *        └────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The image is written by the executor alone, which must run one task at a time; {@link #image}
 * is safe from any thread. The source is the quorum itself where the node is a voter. Closed by who
 * made it; the executor is the maker's.
 */
public final class ImageFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFollower.class);

  private final LongFunction<CompletableFuture<Updates>> source;
  private final Executor executor;
  private final List<ImageListener> listeners = new ArrayList<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /** Volatile because any thread reads the newest image. */
  private volatile ClusterImage image = ClusterImage.EMPTY;

  private volatile boolean closed;
  private volatile @Nullable CompletableFuture<Updates> asked;

  /**
   * Makes a follower that stands still until it is started.
   *
   * @param source answers what came after a version, as {@link Quorum#updatesAfter} does
   * @param executor runs one task at a time
   */
  public ImageFollower(LongFunction<CompletableFuture<Updates>> source, Executor executor) {
    this.source = source;
    this.executor = executor;
  }

  /** Begins to follow. */
  public void start() {
    executor.execute(this::ask);
  }

  /** Adds a listener. It is told of everything the image already holds as one change from empty. */
  public void listen(ImageListener listener) {
    executor.execute(() -> {
      listeners.add(listener);
      if (image.version() != ClusterImage.NO_VERSION) {
        ClusterImage now = image;
        tell(listener, ClusterImage.EMPTY, now, ImageDifference.between(ClusterImage.EMPTY, now));
      }
    });
  }

  /** The newest image this node knows. */
  public ClusterImage image() {
    return image;
  }

  /** Completes when the follower has ended: normally when closed, else with the reason. */
  public CompletableFuture<Void> stopped() {
    return stopped.copy();
  }

  private void ask() {
    if (closed) {
      return;
    }
    CompletableFuture<Updates> answer = source.apply(image.version());
    asked = answer;
    answer.whenCompleteAsync(this::answered, executor);
  }

  private void answered(@Nullable Updates updates, @Nullable Throwable error) {
    if (closed) {
      return;
    }
    if (updates == null) {
      stopped.completeExceptionally(
          error == null ? new IllegalStateException("No updates and no error") : error);
      return;
    }
    try {
      accept(updates);
    } catch (RuntimeException e) {
      LOG.error("The node's image stands still at version {}: {}", image.version(), e, e);
      stopped.completeExceptionally(e);
      return;
    }
    ask();
  }

  private void accept(Updates updates) {
    switch (updates) {
      case Updates.Entries(List<Updates.Entry> entries) -> fold(entries);
      case Updates.Snapshot(ClusterImage snapshot) -> {
        if (snapshot.version() > image.version()) {
          publish(snapshot, ImageDifference.between(image, snapshot));
        }
      }
    }
  }

  private void fold(List<Updates.Entry> entries) {
    ImageFold fold = new ImageFold(image);
    long version = image.version();
    for (Updates.Entry entry : entries) {
      if (entry.index() > version) {
        fold.applyAll(entry.events(), entry.index());
        version = entry.index();
      }
    }
    if (version > image.version()) {
      publish(fold.image(version), fold.delta());
    }
  }

  private void publish(ClusterImage next, ImageDelta delta) {
    ClusterImage previous = image;
    image = next;
    for (ImageListener listener : listeners) {
      tell(listener, previous, next, delta);
    }
  }

  private static void tell(
      ImageListener listener, ClusterImage previous, ClusterImage next, ImageDelta delta) {
    try {
      listener.changed(previous, next, delta);
    } catch (RuntimeException e) {
      LOG.error("A listener failed on version {} of the image", next.version(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    CompletableFuture<Updates> answer = asked;
    if (answer != null) {
      answer.cancel(false);
    }
    stopped.complete(null);
  }
}

package io.tidemark.gateway.node;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Lets the start of the node wait for what the cluster image is to hold. */
final class ImageWaits implements ImageListener {
  private final List<Wait> waits = new ArrayList<>();
  private ClusterImage newest = ClusterImage.EMPTY;

  private record Wait(Predicate<ClusterImage> condition, CompletableFuture<ClusterImage> met) {}

  /** The first image for which the condition holds. */
  CompletableFuture<ClusterImage> until(Predicate<ClusterImage> condition) {
    CompletableFuture<ClusterImage> met = new CompletableFuture<>();
    ClusterImage now;
    synchronized (this) {
      now = newest;
      if (!condition.test(now)) {
        waits.add(new Wait(condition, met));
        return met;
      }
    }
    met.complete(now);
    return met;
  }

  /** The image will not change any more. */
  void fail(Throwable reason) {
    List<Wait> failed;
    synchronized (this) {
      failed = List.copyOf(waits);
      waits.clear();
    }
    failed.forEach(wait -> wait.met.completeExceptionally(reason));
  }

  @Override
  public void changed(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    List<Wait> met;
    synchronized (this) {
      newest = next;
      met = waits.stream().filter(wait -> wait.condition.test(next)).toList();
      waits.removeAll(met);
    }
    met.forEach(wait -> wait.met.complete(next));
  }
}

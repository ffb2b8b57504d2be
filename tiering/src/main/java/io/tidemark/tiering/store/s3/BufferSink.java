package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Puts the body of one answer straight into a caller's buffer. After {@link #detach} the buffer is
 * never touched again, whatever the client's threads still deliver: the caller may use it anew
 * while an attempt that timed out is dying. One use.
 */
final class BufferSink implements AsyncResponseTransformer<GetObjectResponse, Integer> {
  private final CompletableFuture<Integer> received = new CompletableFuture<>();
  private final int expectedBytes;

  // Guarded by this; null once detached.
  private @Nullable ByteBuffer dst;

  BufferSink(ByteBuffer dst) {
    this.dst = dst;
    this.expectedBytes = dst.remaining();
  }

  /** Completes with the number of bytes. */
  @Override
  public CompletableFuture<Integer> prepare() {
    return received;
  }

  @Override
  public void onResponse(GetObjectResponse response) {
    Long length = response.contentLength();
    if (length != null && length != expectedBytes) {
      fail("an answer of " + length + " bytes");
    }
  }

  @Override
  public void onStream(SdkPublisher<ByteBuffer> publisher) {
    publisher.subscribe(new Body());
  }

  @Override
  public void exceptionOccurred(Throwable error) {
    received.completeExceptionally(error);
  }

  /** Lets go of the buffer. */
  synchronized void detach() {
    dst = null;
  }

  private void fail(String what) {
    received.completeExceptionally(
        new ObjectStoreException(Kind.CORRUPT, what + " to a range of " + expectedBytes));
  }

  private synchronized void take(ByteBuffer bytes) {
    if (dst == null) {
      return;
    }
    if (bytes.remaining() > dst.remaining()) {
      dst = null;
      fail("too many bytes");
      return;
    }
    dst.put(bytes);
  }

  private synchronized int missingBytes() {
    return dst == null ? 0 : dst.remaining();
  }

  private final class Body implements Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      take(bytes);
    }

    @Override
    public void onError(Throwable error) {
      received.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      int missing = missingBytes();
      if (missing > 0) {
        fail((expectedBytes - missing) + " bytes");
        return;
      }
      received.complete(expectedBytes);
    }
  }
}

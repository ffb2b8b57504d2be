package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Sits behind an S3 server and makes it go wrong on the wire: errors with their status, bodies that
 * end early or carry flipped bits, answers that come too late or are replaced by an error after all
 * was done. Faults are drawn from a seeded generator. Safe from any thread.
 */
public final class FaultyBlobStore extends ForwardingBlobStore {
  /** Longer than the attempt timeout of the tests. */
  public static final long LATE_MS = 1_500;

  private final RandomGenerator random;
  private final CountDownLatch never = new CountDownLatch(1);

  // Guarded by this.
  private final Map<Fault, Double> chances = new EnumMap<>(Fault.class);
  private final Map<Fault, Integer> met = new EnumMap<>(Fault.class);

  /** What a request does once it has met no error. */
  interface Work<T> {
    T run();
  }

  public FaultyBlobStore(BlobStore delegate, RandomGenerator random) {
    super(delegate);
    this.random = random;
  }

  public synchronized void with(Fault fault, double chance) {
    chances.put(fault, chance);
  }

  public synchronized void heal() {
    chances.clear();
  }

  public synchronized int met(Fault fault) {
    return met.getOrDefault(fault, 0);
  }

  private synchronized @Nullable Fault draw() {
    double at = random.nextDouble();
    for (Map.Entry<Fault, Double> chance : chances.entrySet()) {
      at -= chance.getValue();
      if (at < 0) {
        met.merge(chance.getKey(), 1, Integer::sum);
        return chance.getKey();
      }
    }
    return null;
  }

  private synchronized int nextInt(int bound) {
    return random.nextInt(bound);
  }

  private <T> T under(@Nullable Fault fault, Work<T> work) {
    if (fault == Fault.LOST_ANSWER) {
      work.run();
    }
    switch (fault) {
      case ERROR, LOST_ANSWER -> throw error(500, "InternalError");
      case THROTTLED -> throw error(503, "SlowDown");
      case DENIED -> throw error(403, "AccessDenied");
      case MISSING -> throw error(404, "NoSuchKey");
      case TIMEOUT, SLOW -> delay();
      case TRUNCATED, FLIPPED, STALE -> {}
      case null -> {}
    }
    return work.run();
  }

  private void delay() {
    try {
      assert !never.await(LATE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static S3Exception error(int status, String code) {
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .message("injected")
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage("injected").build())
            .build();
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    return under(draw(), () -> super.putBlob(request, content));
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream content) {
    return under(draw(), () -> super.uploadMultipartPart(upload, request, content));
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    return under(draw(), () -> super.initiateMultipartUpload(request));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    return under(draw(), () -> super.completeMultipartUpload(upload, request));
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    return super.blobMetadata(request);
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    Fault fault = draw();
    ResponseInputStream<GetObjectResponse> blob = under(fault, () -> super.getBlob(request));
    int length = Math.toIntExact(blob.response().contentLength());
    InputStream damaged =
        switch (fault) {
          case TRUNCATED -> new Cut(blob, nextInt(length));
          case FLIPPED -> new Flipped(blob, nextInt(length));
          case null, default -> blob;
        };
    return new ResponseInputStream<>(blob.response(), AbortableInputStream.create(damaged));
  }

  /** Ends early. */
  private static final class Cut extends FilterInputStream {
    private int left;

    Cut(InputStream in, int left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      return left-- > 0 ? super.read() : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int count = super.read(bytes, offset, Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }
  }

  /** Flips a bit of one byte. */
  private static final class Flipped extends FilterInputStream {
    private int before;

    Flipped(InputStream in, int before) {
      super(in);
      this.before = before;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      return before-- == 0 && value >= 0 ? value ^ 1 : value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      if (before >= 0 && before < count) {
        bytes[offset + before] ^= 1;
      }
      before -= Math.max(0, count);
      return count;
    }
  }
}

package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.Crc32c;
import io.tidemark.tiering.store.KeyRules;
import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.S3Settings;
import io.tidemark.tiering.store.StoreLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/**
 * Objects in a bucket, below a prefix. Each call is one attempt, bounded by the attempt timeout of
 * the settings; uploads above the part size take several requests, each bounded so. Uploads carry a
 * CRC32C that the store checks. Closed by its opener.
 */
public final class S3ObjectStore implements ObjectStore {
  private final S3AsyncClient client;
  private final StoreLocation.Bucket bucket;
  private final S3Settings settings;
  private final Time time;
  private final StaleUploads staleUploads;

  private S3ObjectStore(
      S3AsyncClient client, StoreLocation.Bucket bucket, S3Settings settings, Time time) {
    this.client = client;
    this.bucket = bucket;
    this.settings = settings;
    this.time = time;
    this.staleUploads = new StaleUploads(client, bucket.name());
  }

  public static S3ObjectStore open(StoreLocation.Bucket bucket, S3Settings settings, Time time) {
    return new S3ObjectStore(S3Clients.open(settings), bucket, settings, time);
  }

  @Override
  public void put(String key, ObjectContent content) throws ObjectStoreException {
    String whole = whole(key);
    if (content.sizeBytes() > settings.partBytes()) {
      new MultipartUpload(
              client,
              bucket.name(),
              whole,
              content,
              settings.partBytes(),
              settings.concurrentParts())
          .run();
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) content.sizeBytes());
    readContent(content, bytes, 0);
    await(
        "put " + key,
        client.putObject(
            request ->
                request
                    .bucket(bucket.name())
                    .key(whole)
                    .contentLength((long) bytes.remaining())
                    .checksumCRC32C(base64Crc32c(bytes)),
            AsyncRequestBody.fromByteBufferUnsafe(bytes)));
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    String whole = whole(key);
    if (!dst.hasRemaining()) {
      return;
    }
    long last = position + dst.remaining() - 1;
    BufferSink sink = new BufferSink(dst.duplicate());
    try {
      await(
          "read " + key,
          client.getObject(
              request ->
                  request.bucket(bucket.name()).key(whole).range("bytes=" + position + "-" + last),
              sink));
      dst.position(dst.limit());
    } finally {
      sink.detach();
    }
  }

  @Override
  public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
    String whole = whole(key);
    try {
      long size =
          await(
                  "head " + key,
                  client.headObject(request -> request.bucket(bucket.name()).key(whole)))
              .contentLength();
      return Optional.of(new ObjectInfo(key, size));
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void delete(List<String> keys) throws ObjectStoreException {
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(keys.size() + " keys");
    }
    if (keys.isEmpty()) {
      return;
    }
    List<ObjectIdentifier> objects =
        keys.stream().map(key -> ObjectIdentifier.builder().key(whole(key)).build()).toList();
    DeleteObjectsResponse response =
        await(
            "delete of " + keys.size(),
            client.deleteObjects(request ->
                request
                    .bucket(bucket.name())
                    .delete(delete -> delete.objects(objects).quiet(true))));
    if (!response.errors().isEmpty()) {
      throw S3Errors.typed("delete", response.errors().getFirst());
    }
  }

  @Override
  public ListPage list(String prefix, @Nullable String startAfter, int max)
      throws ObjectStoreException {
    KeyRules.checkPrefix(prefix);
    ListObjectsV2Response response =
        await(
            "list " + prefix,
            client.listObjectsV2(request ->
                request
                    .bucket(bucket.name())
                    .prefix(folder() + prefix)
                    .startAfter(startAfter == null ? null : folder() + startAfter)
                    .maxKeys(Math.min(max, MAX_KEYS))));
    List<ObjectInfo> objects =
        response.contents().stream()
            .map(object -> new ObjectInfo(relative(object.key()), object.size()))
            .toList();
    return new ListPage(objects, !Boolean.TRUE.equals(response.isTruncated()));
  }

  @Override
  public int abortStaleUploads(String prefix, Duration olderThan) throws ObjectStoreException {
    KeyRules.checkPrefix(prefix);
    return staleUploads.abort(folder() + prefix, time.milliseconds() - olderThan.toMillis());
  }

  @Override
  public String address() {
    return "s3://" + bucket.name() + (bucket.prefix().isEmpty() ? "" : "/" + bucket.prefix());
  }

  @Override
  public void close() {
    client.close();
  }

  private String folder() {
    return bucket.prefix().isEmpty() ? "" : bucket.prefix() + "/";
  }

  private String whole(String key) {
    return folder() + KeyRules.checkKey(key);
  }

  private String relative(String whole) {
    return whole.substring(folder().length());
  }

  static <T> T await(String what, CompletableFuture<T> response) throws ObjectStoreException {
    try {
      return response.join();
    } catch (CompletionException | CancellationException e) {
      throw S3Errors.typed(what, e);
    }
  }

  /** Fills the buffer and flips it. */
  static void readContent(ObjectContent content, ByteBuffer dst, long position)
      throws ObjectStoreException {
    try {
      content.read(dst, position);
      dst.flip();
    } catch (IOException e) {
      throw new ObjectStoreException(Kind.CONTENT, "content: " + e.getMessage(), e);
    }
  }

  static String base64Crc32c(ByteBuffer bytes) {
    byte[] crc = ByteBuffer.allocate(4).putInt(Crc32c.of(bytes)).array();
    return Base64.getEncoder().encodeToString(crc);
  }
}

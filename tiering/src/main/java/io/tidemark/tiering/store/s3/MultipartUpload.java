package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * One object stored in parts, a few of them under way at once, each with its CRC32C. The object
 * appears when the last step succeeds; when any step fails the parts are removed as far as the
 * store can be reached, and by the sweep of stale uploads otherwise. One thread, one use.
 */
final class MultipartUpload {
  private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);

  /** S3 takes no more. */
  private static final int MAX_PARTS = 10_000;

  private final S3AsyncClient client;
  private final String bucket;
  private final String key;
  private final ObjectContent content;
  private final int concurrentParts;
  private final int partBytes;
  private final Queue<PartUpload> underWay = new ArrayDeque<>();
  private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
  private final List<CompletedPart> completed = new ArrayList<>();

  private record PartUpload(
      int number,
      ByteBuffer bytes,
      String crc32c,
      CompletableFuture<UploadPartResponse> response) {}

  MultipartUpload(
      S3AsyncClient client,
      String bucket,
      String key,
      ObjectContent content,
      int partBytes,
      int concurrentParts) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    this.content = content;
    this.concurrentParts = concurrentParts;
    this.partBytes = (int) Math.max(partBytes, -Math.floorDiv(-content.sizeBytes(), MAX_PARTS));
  }

  void run() throws ObjectStoreException {
    String uploadId =
        S3ObjectStore.await(
                "begin upload of " + key,
                client.createMultipartUpload(request ->
                    request.bucket(bucket).key(key).checksumAlgorithm(ChecksumAlgorithm.CRC32_C)))
            .uploadId();
    try {
      uploadParts(uploadId);
      S3ObjectStore.await(
          "complete upload of " + key,
          client.completeMultipartUpload(request ->
              request
                  .bucket(bucket)
                  .key(key)
                  .uploadId(uploadId)
                  .multipartUpload(upload -> upload.parts(completed))));
    } catch (ObjectStoreException | RuntimeException e) {
      abort(uploadId);
      throw e;
    }
  }

  private void uploadParts(String uploadId) throws ObjectStoreException {
    int number = 1;
    for (long position = 0; position < content.sizeBytes(); position += partBytes) {
      if (underWay.size() == concurrentParts) {
        finishOldest();
      }
      int length = (int) Math.min(partBytes, content.sizeBytes() - position);
      begin(uploadId, number++, position, length);
    }
    while (!underWay.isEmpty()) {
      finishOldest();
    }
  }

  private void begin(String uploadId, int number, long position, int length)
      throws ObjectStoreException {
    ByteBuffer spare = buffers.poll();
    ByteBuffer bytes = (spare == null ? ByteBuffer.allocate(partBytes) : spare).clear();
    S3ObjectStore.readContent(content, bytes.limit(length), position);
    String crc32c = S3ObjectStore.base64Crc32c(bytes);
    underWay.add(
        new PartUpload(
            number,
            bytes,
            crc32c,
            client.uploadPart(
                request ->
                    request
                        .bucket(bucket)
                        .key(key)
                        .uploadId(uploadId)
                        .partNumber(number)
                        .contentLength((long) length)
                        .checksumCRC32C(crc32c),
                AsyncRequestBody.fromByteBufferUnsafe(bytes))));
  }

  private void finishOldest() throws ObjectStoreException {
    PartUpload part = underWay.remove();
    UploadPartResponse response =
        S3ObjectStore.await("part " + part.number + " of " + key, part.response);
    buffers.add(part.bytes);
    completed.add(
        CompletedPart.builder()
            .partNumber(part.number)
            .eTag(response.eTag())
            .checksumCRC32C(part.crc32c)
            .build());
  }

  private void abort(String uploadId) {
    // Parts still under way are waited for: one that ends after the abort would stay behind.
    underWay.forEach(part -> part.response.exceptionally(e -> null).join());
    try {
      S3ObjectStore.await(
          "abort upload of " + key,
          client.abortMultipartUpload(
              request -> request.bucket(bucket).key(key).uploadId(uploadId)));
    } catch (ObjectStoreException e) {
      LOG.info("Parts of {} stay behind until stale uploads are swept: {}", key, e.getMessage());
    }
  }
}

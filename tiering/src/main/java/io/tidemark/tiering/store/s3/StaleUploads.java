package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Finds and aborts multipart uploads that nobody will complete. Stateless. */
record StaleUploads(S3AsyncClient client, String bucket) {
  /** Aborts those under {@code prefix} that began at or before {@code beganByMs}. */
  int abort(String prefix, long beganByMs) throws ObjectStoreException {
    int count = 0;
    ListMultipartUploadsResponse page = page(prefix, null, null);
    while (true) {
      for (MultipartUpload upload : page.uploads()) {
        boolean isOurs = upload.key().startsWith(prefix);
        if (isOurs && upload.initiated().toEpochMilli() <= beganByMs && abort(upload)) {
          count++;
        }
      }
      if (!Boolean.TRUE.equals(page.isTruncated()) || page.nextKeyMarker() == null) {
        return count;
      }
      page = page(prefix, page.nextKeyMarker(), page.nextUploadIdMarker());
    }
  }

  private ListMultipartUploadsResponse page(
      String prefix, @Nullable String keyMarker, @Nullable String uploadIdMarker)
      throws ObjectStoreException {
    return S3ObjectStore.await(
        "list uploads",
        client.listMultipartUploads(request ->
            request
                .bucket(bucket)
                .prefix(prefix)
                .keyMarker(keyMarker)
                .uploadIdMarker(uploadIdMarker)));
  }

  /** False when it ended by itself meanwhile. */
  private boolean abort(MultipartUpload upload) throws ObjectStoreException {
    try {
      S3ObjectStore.await(
          "abort upload of " + upload.key(),
          client.abortMultipartUpload(
              request -> request.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
      return true;
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}

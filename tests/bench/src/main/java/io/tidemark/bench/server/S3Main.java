package io.tidemark.bench.server;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * S3Proxy over a folder, as a process: prints its address in one line and serves until it is
 * killed.
 */
final class S3Main {
  static final String BUCKET = "tidemark";
  static final String ACCESS_KEY_ID = "AK";
  static final String SECRET_ACCESS_KEY = "SK";
  private static final int MAX_REQUEST_BYTES = 256 * 1024 * 1024;

  private S3Main() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    BlobStore files = new FilesystemNio2BlobStore(folder.toString());
    files.createContainer(BUCKET);
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(files)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
            .ignoreUnknownHeaders(true)
            .v4MaxNonChunkedRequestSize(MAX_REQUEST_BYTES)
            .v4MaxChunkSize(MAX_REQUEST_BYTES)
            .build();
    proxy.start();
    System.out.println("http://127.0.0.1:" + proxy.getPort());
    Thread.currentThread().join();
  }
}

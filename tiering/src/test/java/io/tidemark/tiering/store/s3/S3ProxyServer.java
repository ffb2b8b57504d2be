package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.S3Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * A real S3 server over HTTP in this JVM, on a port of its own, with one bucket, keeping its
 * objects in a folder. Give {@link #settings} and {@code s3://} + {@link #BUCKET} to whatever is to
 * use it.
 */
public final class S3ProxyServer implements AutoCloseable {
  public static final String BUCKET = "tidemark";
  public static final String ACCESS_KEY_ID = "AK";
  public static final String SECRET_ACCESS_KEY = "SK";
  private static final int MAX_REQUEST_BYTES = 256 * 1024 * 1024;

  private final S3Proxy proxy;

  private S3ProxyServer(S3Proxy proxy) {
    this.proxy = proxy;
  }

  public static S3ProxyServer start(Path folder) throws Exception {
    return start(folder, UnaryOperator.identity());
  }

  /** {@code faults} may wrap the server's own store. */
  public static S3ProxyServer start(Path folder, UnaryOperator<BlobStore> faults) throws Exception {
    BlobStore files = new FilesystemNio2BlobStore(Files.createDirectories(folder).toString());
    files.createContainer(BUCKET);
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(faults.apply(files))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
            .ignoreUnknownHeaders(true)
            .v4MaxNonChunkedRequestSize(MAX_REQUEST_BYTES)
            .v4MaxChunkSize(MAX_REQUEST_BYTES)
            .build();
    proxy.start();
    return new S3ProxyServer(proxy);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  public S3Settings settings() {
    return S3Settings.DEFAULTS
        .withEndpoint(endpoint())
        .withPathStyle(true)
        .withPartBytes(S3Settings.MIN_PART_BYTES)
        .withCredentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY);
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("S3Proxy did not stop", e);
    }
  }
}

package io.tidemark.gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a route answers: all at once, or piece by piece while it works. */
public sealed interface HttpResponse {

  int status();

  String contentType();

  /** A whole body. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and read-only by agreement
  record Full(int status, String contentType, byte[] body) implements HttpResponse {}

  /** A body written on the route's thread; the stream blocks while the client reads slowly. */
  record Streaming(int status, String contentType, Writer writer) implements HttpResponse {}

  /** Writes a body; every {@code flush} of the stream reaches the client. */
  @FunctionalInterface
  interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  static HttpResponse json(int status, String json) {
    return new Full(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  static HttpResponse text(int status, String text) {
    return new Full(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** One JSON value a line, sent as they are written. */
  static HttpResponse jsonLines(Writer writer) {
    return new Streaming(200, "application/x-ndjson", writer);
  }
}

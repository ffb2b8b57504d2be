package io.tidemark.gateway.net;

import io.tidemark.log.partition.LogSlice;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Takes the one answer of one request. Exactly one of {@link #respond}, {@link #noResponse} and
 * {@link #close} is called, from any thread; a second call is ignored but for the buffers it
 * brings, which are released. Answers reach the client in the order of its requests, whatever the
 * order of these calls.
 */
public interface Responder {

  /**
   * Answers with a body, written in the request's version. The body belongs to the connection from
   * here on and must not be changed; every {@link LogSlice} among its records is released once,
   * after it was written or could not be.
   */
  void respond(ApiMessage body);

  /** The request is done and gets no answer: a Produce with acks=0. */
  void noResponse();

  /** Closes the connection, before this request's answer but after those of the earlier ones. */
  void close(String why);

  /**
   * Every append of this Produce stands in its partition's queue, so the connection's next Produce
   * may be taken up. Implied by an answer; nothing for other requests. Any thread, any number of
   * times.
   */
  void appended();
}

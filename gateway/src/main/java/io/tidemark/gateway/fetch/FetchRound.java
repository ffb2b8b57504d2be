package io.tidemark.gateway.fetch;

import io.tidemark.gateway.net.ClientConnection;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One fetch request, from its arrival to its answer: it looks, and where there is not enough yet it
 * waits for a change or for its time to run out.
 *
 * <pre>
 *   begin ──▶ look ──enough──▶ answer
 *              ▲ │
 *    changed ──┘ └─ too little ─▶ wait ──time is up──▶ look once more, answer what there is
 * </pre>
 *
 * Each look registers its interest in a partition before it reads it, so no change between a look
 * and the wait is lost. A look that fails is answered with its error, and a client that leaves
 * while it waits is forgotten at once, however long it wanted to wait. Belongs to the session's
 * loop.
 */
final class FetchRound {
  private final FetchSession session;
  private final FetchParameters fetch;
  private final boolean isFull;
  private final PartitionLook reader;
  private final FetchResponder responder;
  private final ClientConnection connection;
  private @Nullable Future<?> timer;
  private ClientConnection.@Nullable Registration atClose;
  private boolean isAnswered;

  /**
   * @param isFull whether the response names every partition rather than what is new
   */
  FetchRound(
      FetchSession session,
      FetchParameters fetch,
      boolean isFull,
      PartitionLook reader,
      FetchResponder responder,
      ClientConnection connection) {
    this.session = session;
    this.fetch = fetch;
    this.isFull = isFull;
    this.reader = reader;
    this.responder = responder;
    this.connection = connection;
  }

  void begin() {
    session.waitFor(this);
    if (fetch.maxWaitMs() <= 0 || session.isEmpty()) {
      finish();
      return;
    }
    attempt();
    if (!isAnswered) {
      timer = session.loop().schedule(this::finish, fetch.maxWaitMs(), TimeUnit.MILLISECONDS);
      atClose = connection.onClose(() -> session.loop().execute(this::abandon));
    }
  }

  /** Looks again; answers if there is enough now. */
  void attempt() {
    if (isAnswered) {
      return;
    }
    try {
      FetchPass pass = FetchPass.over(session, fetch, isFull, reader);
      if (pass.isEnough()) {
        answer(pass);
      } else {
        pass.discard(session);
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Answers with what there is. */
  void finish() {
    if (isAnswered) {
      return;
    }
    try {
      answer(FetchPass.over(session, fetch, isFull, reader));
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Whoever asked is gone. */
  private void abandon() {
    if (!isAnswered) {
      end();
      closeUnlessKept();
    }
  }

  private void fail(RuntimeException failure) {
    end();
    responder.failed(failure);
    closeUnlessKept();
  }

  private void end() {
    isAnswered = true;
    session.waitFor(null);
    if (timer != null) {
      timer.cancel(false);
    }
    if (atClose != null) {
      atClose.close();
    }
  }

  private void closeUnlessKept() {
    if (session.id() == 0) {
      session.close();
    }
  }

  private void answer(FetchPass pass) {
    end();
    responder.answer(session.id(), isFull, pass);
    pass.answers().forEach(this::settle);
    closeUnlessKept();
  }

  /**
   * What was told is remembered; who had something to say goes to the back of the queue, or out of
   * it.
   */
  private void settle(PartitionAnswer answer) {
    FetchedPartition partition = answer.partition();
    answer.onAnswer().run();
    if (answer.view() == null) {
      partition.toldError();
    } else if (!answer.isSilent()) {
      partition.told(answer.view());
    }
    if (answer.wasCut()) {
      return;
    }
    if (answer.mayHaveMore()) {
      session.moveToBack(partition);
    } else {
      session.markClean(partition);
    }
  }
}

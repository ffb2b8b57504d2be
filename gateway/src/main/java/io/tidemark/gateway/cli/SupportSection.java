package io.tidemark.gateway.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;

/** One part of what {@code support} shows. */
sealed interface SupportSection {
  String title();

  /** Whether all of it could be asked. */
  boolean isComplete();

  void print(PrintWriter out);

  /** For JSON. */
  Object object();

  /** Asks for what stands in a section. */
  @FunctionalInterface
  interface Question {
    Result ask() throws Exception;
  }

  /** Asks; a refusal or silence is what the section says then, and ends nothing else. */
  static SupportSection of(String title, Question question) throws Exception {
    try {
      return new Told(title, question.ask());
    } catch (ExecutionException | KafkaException e) {
      return new Untold(title, String.valueOf(FailureReport.of(e).getMessage()));
    }
  }

  record Told(String title, Result result) implements SupportSection {
    @Override
    public boolean isComplete() {
      return true;
    }

    @Override
    public void print(PrintWriter out) {
      out.println("== " + title + " ==");
      if (result.isEmpty()) {
        out.println("none");
      } else {
        result.print(out, OutputFormat.table);
      }
      out.println();
    }

    @Override
    public Object object() {
      return result.objects();
    }
  }

  record Untold(String title, String why) implements SupportSection {
    @Override
    public boolean isComplete() {
      return false;
    }

    @Override
    public void print(PrintWriter out) {
      out.println("== " + title + " ==");
      out.println("could not be asked: " + why);
      out.println();
    }

    @Override
    public Object object() {
      return Map.of("error", why);
    }
  }
}

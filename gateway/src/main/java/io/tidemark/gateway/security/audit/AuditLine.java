package io.tidemark.gateway.security.audit;

import io.tidemark.gateway.http.JsonWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.kafka.common.protocol.Errors;

/**
 * An event as one JSON object on one line, whatever names are in it: control characters are
 * escaped, and what is longer than {@value #MAX_CHARS} characters is cut.
 */
final class AuditLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int MAX_CHARS = 256;

  private AuditLine() {}

  /**
   * @param repeated how many events like it were left out before
   */
  static String of(AuditEvent event, long timeMs, int nodeId, int repeated) {
    JsonWriter json = new JsonWriter().object();
    json.field("time", TIME.format(Instant.ofEpochMilli(timeMs))).field("node", nodeId);
    switch (event) {
      case AuditEvent.Authentication e -> authentication(json, e);
      case AuditEvent.Denial e -> denial(json, e);
      case AuditEvent.Change e -> change(json, e);
    }
    if (repeated > 0) {
      json.field("repeated", repeated);
    }
    return json.end().toString();
  }

  private static void authentication(JsonWriter json, AuditEvent.Authentication event) {
    json.field("event", "authentication")
        .field("result", event.failure().isEmpty() ? "succeeded" : "failed");
    who(json, event.who());
    event.failure().ifPresent(why -> json.field("reason", limited(why)));
  }

  private static void denial(JsonWriter json, AuditEvent.Denial event) {
    json.field("event", "denial").field("result", "denied");
    who(json, event.who());
    json.field("api", event.api().name).field("error", event.error().name());
    json.name("asked").array();
    for (AuditEvent.Asked asked : event.asked()) {
      json.object()
          .field("operation", lower(asked.operation()))
          .field("type", lower(asked.type()))
          .field("name", limited(asked.name()))
          .end();
    }
    json.end();
  }

  private static void change(JsonWriter json, AuditEvent.Change event) {
    json.field("event", "change")
        .field("result", event.error() == Errors.NONE ? "succeeded" : "failed");
    who(json, event.who());
    json.field("api", event.api().name)
        .field("type", event.type())
        .field("name", limited(event.name()));
    if (!event.detail().isEmpty()) {
      json.field("detail", limited(event.detail()));
    }
    if (event.error() != Errors.NONE) {
      json.field("error", event.error().name());
    }
  }

  private static void who(JsonWriter json, AuditEvent.Who who) {
    json.field("principal", limited(who.principal().toString()))
        .field("host", who.host().getHostAddress())
        .field("listener", who.listener());
    if (!who.clientId().isEmpty()) {
      json.field("clientId", limited(who.clientId()));
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String limited(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
  }
}

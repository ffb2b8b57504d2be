package io.tidemark.gateway.console;

import io.tidemark.gateway.console.ClusterEvents.Event;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;

/** {@code GET /v1/events?after=N}: what happened after that sequence number, newest first. */
final class EventsReport {
  private final ClusterEvents events;

  EventsReport(ClusterEvents events) {
    this.events = events;
  }

  HttpResponse answer(HttpRequest request) {
    int after = Page.number(request, "after", 0, Integer.MAX_VALUE, 0);
    int most = Page.number(request, "size", 1, ClusterEvents.CAPACITY, Page.MAX_SIZE);
    JsonWriter json = new JsonWriter().object().name("events").array();
    for (Event event : events.after(after, most)) {
      json.object()
          .field("sequence", event.sequence())
          .field("timeMs", event.timeMs())
          .field("kind", event.kind())
          .field("text", event.text())
          .end();
    }
    return Reports.answer(json.end().end());
  }
}

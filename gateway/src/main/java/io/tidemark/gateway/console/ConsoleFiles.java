package io.tidemark.gateway.console;

import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.Route;
import io.tidemark.gateway.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The console's page at {@code /}, and what it loads, as they are in the jar. */
final class ConsoleFiles {
  private static final String FOLDER = "/console/";
  private static final String PAGE = "index.html";
  static final List<String> OTHERS =
      List.of(
          "console.css",
          "icon.svg",
          "main.js",
          "page.js",
          "text.js",
          "picture.js",
          "cluster.js",
          "topics.js",
          "partition.js",
          "groups.js",
          "store.js",
          "events.js");

  private ConsoleFiles() {}

  static void addTo(Routes routes) {
    HttpResponse page = file(PAGE);
    routes.add(Route.get("/", request -> page)).add(Route.get("/console", request -> page));
    for (String name : OTHERS) {
      HttpResponse file = file(name);
      routes.add(Route.get(FOLDER + name, request -> file));
    }
  }

  private static HttpResponse file(String name) {
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The jar has no " + name);
      }
      return new HttpResponse.Full(200, contentType(name), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".html" -> "text/html; charset=utf-8";
      case ".css" -> "text/css; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      case ".js" -> "text/javascript; charset=utf-8";
      default -> throw new IllegalStateException("What is " + name + "?");
    };
  }
}

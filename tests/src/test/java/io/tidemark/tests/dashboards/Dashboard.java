package io.tidemark.tests.dashboards;

import java.util.List;

/** A page of graphs. Its id is its file's name and part of its address. */
record Dashboard(String id, String title, List<Panel> panels) {
  Dashboard {
    panels = List.copyOf(panels);
  }
}

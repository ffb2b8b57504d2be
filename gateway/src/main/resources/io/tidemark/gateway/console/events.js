import { element, table } from "./page.js";
import { clock } from "./text.js";

const KINDS = ["node", "leader", "topic", "move", "upload", "deletion", "settings"];

export const events = {
  title: () => "Events",
  load: (get) => get("/v1/events", { size: 500 }),
  draw(list, view) {
    const kind = view.sort ?? "";
    const shown = list.events.filter((event) => kind === "" || event.kind === kind).slice(0, 200);
    return [
      element("div", { class: "controls" },
        element("label", {}, "Kind",
          element("select", { id: "kind", change: (event) => view.go({ sort: event.target.value }) },
            element("option", { value: "" }, "all"),
            KINDS.map((each) => element("option", { value: each, selected: each === kind }, each))))),
      table("What this node saw of the cluster since it started, the newest first", [
        { title: "Time", cell: (event) => clock(event.timeMs) },
        { title: "Kind", cell: (event) => event.kind },
        { title: "What", head: true, cell: (event) => event.text },
      ], shown, "Nothing yet."),
    ];
  },
};

import { element, figures, filter, link, missing, pager, table } from "./page.js";
import { count, counted, known } from "./text.js";

const lag = (group) =>
  count(group.lag) + (group.unknownPartitions > 0 ? ` and ${count(group.unknownPartitions)} partitions unknown` : "");

export const groups = {
  title: () => "Groups",
  load: (get, view) => get("/v1/groups", { page: view.page, filter: view.filter }),
  draw(list, view) {
    return [
      element("div", { class: "controls" },
        filter("Name contains", view.filter, (text) => view.go({ filter: text, page: 0 }))),
      missing(list.unanswered),
      table(counted(list.total, "group"), [
        { title: "Group", head: true, cell: (group) => link(group.group === "" ? "(no name)" : group.group, "groups", group.group) },
        { title: "State", cell: (group) => group.state },
        { title: "Members", number: true, cell: (group) => known(group.members, "?") },
        { title: "Partitions", number: true, cell: (group) => count(group.partitions) },
        { title: "Lag", number: true, cell: lag },
        { title: "Coordinator", number: true, cell: (group) => `node ${group.coordinator}` },
      ], list.groups),
      pager(list, (page) => view.go({ page })),
    ];
  },
};

export const group = {
  title: (view) => `Group ${view.path[1]}`,
  load: (get, view) => get("/v1/group", { group: view.path[1], page: view.page }),
  draw(group, view) {
    return [
      missing(group.unanswered),
      figures({
        State: group.state,
        Lag: lag(group),
        Members: count(group.members.length),
        Protocol: group.protocolType === "" ? "none" : group.protocolType,
        Coordinator: `node ${group.coordinator}`,
      }),
      element("h2", {}, "Members"),
      table("Its members", [
        { title: "Member", head: true, cell: (member) => member.member },
        { title: "Client", cell: (member) => member.client },
        { title: "Host", cell: (member) => member.host },
      ], group.members),
      element("h2", {}, "Offsets"),
      table("What it has committed", [
        { title: "Partition", head: true, cell: (each) => link(`${each.topic}-${each.partition}`, "topics", each.topic, each.partition) },
        { title: "Committed", number: true, cell: (each) => count(each.offset) },
        { title: "End", number: true, cell: (each) => known(each.end, "unknown") },
        { title: "Lag", number: true, cell: (each) => known(each.lag, "unknown") },
      ], group.positions),
      pager(group, (page) => view.go({ page })),
    ];
  },
};

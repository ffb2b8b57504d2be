import { element, figures, filter, link, missing, pager, table } from "./page.js";
import * as picture from "./picture.js";
import { bytes, count, counted, known, money } from "./text.js";

const ORDERS = { name: "name", cold: "bytes in the store", hot: "bytes on disks", partitions: "partitions" };

const health = (topic) => {
  if (topic.leaderless > 0) return element("span", { class: "bad" }, `${topic.leaderless} without a leader`);
  if (topic.underReplicated > 0) return element("span", { class: "bad" }, `${topic.underReplicated} under-replicated`);
  return element("span", { class: "good" }, "in sync");
};

export const topicColumns = (currency) => [
  { title: "Topic", head: true, cell: (topic) => link(topic.topic, "topics", topic.topic) },
  { title: "Partitions", number: true, cell: (topic) => count(topic.partitions) },
  { title: "Replicas", number: true, cell: (topic) => count(topic.replicationFactor) },
  { title: "State", cell: health },
  { title: "On disks", number: true, cell: (topic) => bytes(topic.hotBytes) },
  { title: "In the store", number: true, cell: (topic) => topic.tiered ? bytes(topic.coldBytes) : "–" },
  { title: "Storage a month", number: true, cell: (topic) => money(topic.storageCostMonth, currency) },
];

export const topics = {
  title: () => "Topics",
  load: (get, view) => get("/v1/topics", { page: view.page, filter: view.filter, sort: view.sort ?? "name" }),
  draw(list, view) {
    return [
      element("div", { class: "controls" },
        filter("Name contains", view.filter, (text) => view.go({ filter: text, page: 0 })),
        element("label", {}, "Order by",
          element("select", { id: "order", change: (event) => view.go({ sort: event.target.value, page: 0 }) },
            Object.entries(ORDERS).map(([value, text]) =>
              element("option", { value, selected: value === (view.sort ?? "name") }, text))))),
      missing(list.unanswered),
      table(counted(list.total, "topic"), topicColumns(list.currency), list.topics, "No topic has such a name."),
      pager(list, (page) => view.go({ page })),
    ];
  },
};

export const topic = {
  title: (view) => `Topic ${view.path[1]}`,
  load: (get, view) => get("/v1/topic", { topic: view.path[1], page: view.page }),
  sample: (topic) => ({ key: `topic ${topic.id}`, hot: topic.hotBytes, cold: topic.coldBytes }),
  draw(topic, view) {
    return [
      missing(topic.unanswered),
      figures({
        Partitions: count(topic.partitions),
        Replicas: count(topic.replicationFactor),
        State: health(topic),
        "On disks": bytes(topic.hotBytes),
        "In the store": topic.tiered ? bytes(topic.coldBytes) : "nothing",
        "Storage a month": money(topic.storageCostMonth, topic.currency),
      }),
      element("h2", {}, "Bytes while this page is open"),
      picture.sizes(view.samples),
      element("h2", {}, "Partitions"),
      table("Its partitions", [
        { title: "Partition", head: true, cell: (each) => link(`Partition ${each.partition}`, "topics", topic.topic, each.partition) },
        { title: "Leader", number: true, cell: (each) => each.leader < 0 ? element("span", { class: "bad" }, "none") : `${each.leader}` },
        { title: "Epoch", number: true, cell: (each) => count(each.leaderEpoch) },
        { title: "Replicas", cell: (each) => each.replicas.join(", ") + (each.moving ? " (moving)" : "") },
        { title: "In sync", cell: (each) => each.isr.join(", ") },
        { title: "Tiered offset", number: true, cell: (each) => known(topic.tiered ? each.tieredOffset : null, "–") },
        { title: "On disks", number: true, cell: (each) => bytes(each.hotBytes) },
        { title: "In the store", number: true, cell: (each) => bytes(each.coldBytes) },
      ], topic.list),
      pager(topic, (page) => view.go({ page })),
      element("p", { class: "hint" }, `Topic id ${topic.id}`),
    ];
  },
};

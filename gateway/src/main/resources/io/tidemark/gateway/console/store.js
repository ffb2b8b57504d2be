import { element, figures, link, missing, pager, table } from "./page.js";
import { bytes, count, duration, money } from "./text.js";
import { topicColumns } from "./topics.js";

export const uploads = {
  title: () => "Uploads",
  load: (get, view) => get("/v1/uploads", { page: view.page }),
  draw(queue, view) {
    return [
      element("p", { class: "hint" }, `Of the partitions that node ${queue.node} leads; each other node tells of its own.`),
      figures({ "Segments waiting": count(queue.waitingSegments), "Bytes waiting": bytes(queue.waitingBytes) }),
      table("What waits, the longest waiting first", [
        { title: "Topic", head: true, cell: (topic) => link(topic.topic, "topics", topic.topic) },
        { title: "Segments", number: true, cell: (topic) => count(topic.waitingSegments) },
        { title: "Bytes", number: true, cell: (topic) => bytes(topic.waitingBytes) },
        { title: "Oldest", number: true, cell: (topic) => duration(topic.oldestWaitingMs) },
        { title: "Last attempt", cell: (topic) => topic.failingPartitions > 0
          ? element("span", { class: "bad" }, `failed for ${count(topic.failingPartitions)} partitions`) : "went well" },
      ], queue.topics, "Nothing."),
      pager(queue, (page) => view.go({ page })),
    ];
  },
};

export const store = {
  title: () => "Store",
  load: async (get, view) => {
    const [store, topics] = await Promise.all([get("/v1/store"), get("/v1/topics", { sort: "cold", page: view.page })]);
    return { ...store, dearest: topics };
  },
  draw(store, view) {
    const { currency, storagePerGbMonth, writesPer1000, readsPer1000 } = store.prices;
    return [
      missing(store.unanswered),
      figures({
        Address: store.store ?? "this node has no store",
        "In the store": bytes(store.coldBytes),
        "Storage a month": money(store.storageCostMonth, currency),
        "Calls a month, at this pace": money(store.callsCostMonth, currency),
        "Calls until now": money(store.callsCost, currency),
        "Put by this node": bytes(store.bytesPut),
        "Read by this node": bytes(store.bytesRead),
      }),
      element("p", { class: "hint" }, `Estimates: ${storagePerGbMonth} ${currency} for a GiB a month, ${writesPer1000} for a thousand writes, `
        + `${readsPer1000} for a thousand reads (settings tidemark.console.price.…). Storage is the whole cluster's, calls are those of node ${store.node} in the last ${duration(store.upMs)}.`),
      element("h2", {}, "Calls"),
      table(`Calls of node ${store.node} since it started`, [
        { title: "Operation", head: true, cell: (call) => call.operation },
        { title: "Result", cell: (call) => element("span", { class: call.result === "ok" ? "good" : "bad" }, call.result) },
        { title: "Calls", number: true, cell: (call) => count(call.count) },
        { title: "Mean", number: true, cell: (call) => `${call.meanMs.toFixed(1)} ms` },
      ], store.calls),
      element("h2", {}, "Topics by what they keep"),
      table("The dearest first", topicColumns(currency), store.dearest.topics),
      pager(store.dearest, (page) => view.go({ page })),
    ];
  },
};

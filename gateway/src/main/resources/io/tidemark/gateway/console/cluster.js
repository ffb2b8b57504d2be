import { element, figures, link, missing } from "./page.js";
import * as picture from "./picture.js";
import { bytes, count } from "./text.js";

/** Nodes by rack, as a map. */
function racks(cluster) {
  const byRack = new Map();
  for (const node of cluster.nodes) {
    const rack = node.rack ?? "";
    byRack.set(rack, [...(byRack.get(rack) ?? []), node]);
  }
  return element("ul", { class: "racks" }, [...byRack].sort().map(([rack, nodes]) =>
    element("li", { class: "rack" },
      element("h3", {}, rack === "" ? "Without a rack" : `Rack ${rack}`),
      element("ul", { class: "nodes" }, nodes.map((node) => card(node, cluster))))));
}

function card(node, cluster) {
  const roles = [
    node.id === cluster.quorumLeader ? "leads the quorum" : node.voter ? "votes" : "does not vote",
    node.id === cluster.node ? "answers here" : null,
  ].filter((role) => role != null);
  return element("li", { class: `node ${node.state}` },
    element("h4", {}, `Node ${node.id}`),
    element("p", { class: node.state === "serving" ? "good" : "bad" }, node.state),
    element("p", { class: "hint" }, node.address),
    element("p", { class: "hint" }, roles.join(", ")),
    element("p", {}, `leads ${count(node.leaders)} of its ${count(node.replicas)} replicas`),
    element("p", {}, node.hotBytes == null ? "its bytes are not known" : `${bytes(node.hotBytes)} on disk`));
}

const state = (text, isGood) => element("span", { class: isGood ? "good" : "bad" }, text);

export const cluster = {
  title: () => "Cluster",
  load: (get) => get("/v1/cluster"),
  sample: (cluster) => ({ key: "cluster", hot: cluster.hotBytes, cold: cluster.coldBytes }),
  draw(cluster, view) {
    const controllers = cluster.voters.filter((voter) => !cluster.nodes.some((node) => node.id === voter));
    return [
      missing(cluster.unanswered),
      figures({
        Nodes: count(cluster.nodes.length),
        Topics: link(count(cluster.topics), "topics"),
        Partitions: count(cluster.partitions),
        "Without a leader": state(count(cluster.leaderless), cluster.leaderless === 0),
        "Under-replicated": state(count(cluster.underReplicated), cluster.underReplicated === 0),
        "On disks": bytes(cluster.hotBytes),
        "In the store": bytes(cluster.coldBytes),
      }),
      element("h2", {}, "Nodes"),
      racks(cluster),
      controllers.length > 0 ? element("p", { class: "hint" }, `Controllers that serve no clients: ${controllers.join(", ")}.`) : null,
      element("h2", {}, "Bytes while this page is open"),
      picture.sizes(view.samples),
      element("p", { class: "hint" }, `Cluster ${cluster.clusterId}, metadata version ${count(cluster.version)}, as node ${cluster.node} sees it.`),
    ];
  },
};

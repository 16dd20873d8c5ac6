// The last results, newest first, with their filters.
import { bestOf, hasPlaces, headlineOf, reviewTag } from "./answer.js";
import { showDetail, thumbnailOf } from "./detail.js";
import { onState } from "./device.js";
import { $, element, keepElements, setText } from "./dom.js";
import { clockTime, nameOf, percent } from "./format.js";

const MAX_SHOWN = 50;

const results = new Map();  // by sequence number, oldest first
let latestSeq;

export function start() {
  onState((state, isNewConnection) => {
    const seq = state.last_result?.seq;
    // After a lost connection there may be results whose state was never received.
    if (seq !== latestSeq || isNewConnection) load().catch(() => {});
    latestSeq = seq;
  });
  $("filter-label").addEventListener("change", show);
  $("filter-review").addEventListener("change", show);
}

async function load() {
  const newest = [...results.keys()].at(-1) ?? 0;
  const response = await fetch(`/api/results?after=${newest}`);
  if (!response.ok) return;
  for (const result of (await response.json()).results) results.set(result.seq, result);
  while (results.size > MAX_SHOWN) results.delete(results.keys().next().value);
  show();
}

const labelOf = result => hasPlaces(result) ? "" : bestOf(result).label;

function show() {
  showLabels();
  const label = $("filter-label").value;
  const reviewOnly = $("filter-review").checked;
  const wanted = [...results.values()].reverse().filter(result => (!label || labelOf(result) === label) && (!reviewOnly || result.needs_review));
  setText($("history-count"), results.size === 0 ? "Nothing yet." : wanted.length === results.size ? `${results.size} since the service started, newest first.` : `${wanted.length} of ${results.size} match.`);
  keepElements($("history"), wanted, result => result.seq, cardOf);
}

// The labels to choose from are those of the results shown.
function showLabels() {
  const select = $("filter-label");
  const labels = [...new Set([...results.values()].map(labelOf).filter(Boolean))].sort();
  const key = labels.join();
  if (select.dataset.key === key) return;
  const chosen = select.value;
  select.dataset.key = key;
  select.replaceChildren(new Option("All", ""), ...labels.map(label => new Option(nameOf(label), label)));
  select.value = labels.includes(chosen) ? chosen : "";
}

function cardOf(result) {
  const button = element("button", { type: "button", onclick: () => showDetail(result) },
    element("img", { src: thumbnailOf(result), alt: "", loading: "lazy", width: 150, height: 112 }),
    element("span", { className: "caption" },
      element("span", { className: "name", textContent: headlineOf(result) }),
      element("span", { className: "line" }, element("span", { textContent: hasPlaces(result) ? "in place" : percent(bestOf(result).confidence) }), element("span", { textContent: clockTime(result.captured_at) })),
      ...reviewTag("span", result).map(tag => element("span", {}, tag))));
  return element("li", {}, button);
}

// The last results, newest first, with their filters.
import { bestOf, reviewTag } from "./answer.js";
import { showDetail, thumbnailOf } from "./detail.js";
import { onState } from "./device.js";
import { $, element, setText } from "./dom.js";
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

function show() {
  showLabels();
  const label = $("filter-label").value;
  const reviewOnly = $("filter-review").checked;
  const wanted = [...results.values()].reverse().filter(result => (!label || bestOf(result).label === label) && (!reviewOnly || result.needs_review));
  setText($("history-count"), results.size === 0 ? "Nothing yet." : wanted.length === results.size ? `${results.size} since the service started, newest first.` : `${wanted.length} of ${results.size} match.`);
  showCards(wanted);
}

// The labels to choose from are those of the results shown.
function showLabels() {
  const select = $("filter-label");
  const labels = [...new Set([...results.values()].map(result => bestOf(result).label))].sort();
  const key = labels.join();
  if (select.dataset.key === key) return;
  const chosen = select.value;
  select.dataset.key = key;
  select.replaceChildren(new Option("All", ""), ...labels.map(label => new Option(nameOf(label), label)));
  select.value = labels.includes(chosen) ? chosen : "";
}

// A card that stays keeps its element, so that the keyboard's focus is not lost when a new result comes.
function showCards(wanted) {
  const list = $("history");
  const kept = new Map([...list.children].map(card => [card.dataset.seq, card]));
  const cards = wanted.map(result => kept.get(String(result.seq)) ?? cardOf(result));
  for (const card of [...list.children]) if (!cards.includes(card)) card.remove();
  cards.forEach((card, position) => { if (list.children[position] !== card) list.insertBefore(card, list.children[position] ?? null); });
}

function cardOf(result) {
  const best = bestOf(result);
  const button = element("button", { type: "button", onclick: () => showDetail(result) },
    element("img", { src: thumbnailOf(result), alt: "", loading: "lazy", width: 150, height: 112 }),
    element("span", { className: "caption" },
      element("span", { className: "name", textContent: nameOf(best.label) }),
      element("span", { className: "line" }, element("span", { textContent: percent(best.confidence) }), element("span", { textContent: clockTime(result.captured_at) })),
      ...reviewTag("span", result).map(tag => element("span", {}, tag))));
  return element("li", { data: { seq: result.seq } }, button);
}

// The pictures of the day: the latest ones as they come, and each hour of the last day, which the device keeps on its disk.
import { request } from "./api.js";
import { bestOf, headlineOf, reviewTag } from "./answer.js";
import { showDetail } from "./detail.js";
import { deviceTime, onState } from "./device.js";
import { $, element, keepElements, setText } from "./dom.js";
import { clockTime, percent, shortName } from "./format.js";
import { loadHours, onHour, showChosen } from "./hours.js";
import { onPart } from "./parts.js";
import { nameOfLabel, onNames, wantNames } from "./shelf/bay.js";
import { t } from "./texts.js";

const MAX_SHOWN = 50;
const HOUR_MS = 3_600_000;

const latest = new Map();   // the last entries of this run by sequence number, oldest first: { result, source }
let kept = [];              // the entries of the hour that was chosen, oldest first
let hour = null;            // its begin as the device wrote it, or null for the latest
let captures = 0;           // how many pictures were taken since the service started
let latestSeq;
let isShown = false;
let isFilled = false;

export function start() {
  onState((state, isNewConnection) => {
    const seq = state.last_result?.seq;
    captures = state.captures;
    // After a lost connection there may be results whose state was never received.
    if (seq !== latestSeq || isNewConnection) loadLatest().catch(() => {});
    latestSeq = seq;
  });
  onPart(part => {
    isShown = part === "review";
    if (isShown) loadHours();
  });
  onHour(choose);
  onNames(show);
  $("filter-label").addEventListener("change", show);
  $("filter-review").addEventListener("change", show);
}

async function loadLatest() {
  const newest = Math.max(0, ...latest.keys());
  const response = await fetch(`/api/results?after=${newest}`);
  if (!response.ok) return;
  const { results, pictures, kept } = await response.json();
  for (const result of results) {
    if (pictures.includes(result.seq)) latest.set(result.seq, { result, source: `/api/results/${result.seq}/thumbnail.jpg` });
    else if (kept.includes(result.seq)) latest.set(result.seq, keptEntry(result));
  }
  if (!isFilled) await fill();
  while (latest.size > MAX_SHOWN) latest.delete(latest.keys().next().value);
  wantNames(results.flatMap(result => bestOf(result)?.label ?? []));
  if (isShown) loadHours();
  if (hour === null) show();
}

// While nobody looks, the device keeps about one picture a minute. Those of the last hour stand before the ones that come from now on.
async function fill() {
  isFilled = true;
  const answer = await request(`/api/history/results?from=${new Date(deviceTime() - HOUR_MS).toISOString()}&to=${new Date(deviceTime() + HOUR_MS).toISOString()}`);
  if (!answer.ok) return;
  const all = new Map([...answer.data.results.map(result => [result.seq, keptEntry(result)]), ...latest].sort((a, b) => a[0] - b[0]));
  latest.clear();
  for (const [seq, entry] of all) latest.set(seq, entry);
}

const keptEntry = result => ({ result, source: `/api/history/${result.seq}/picture.jpg` });

// Shows the pictures of an hour, or the latest ones. An answer that comes after another choice is not shown.
async function choose(from) {
  hour = from;
  kept = [];
  if (from !== null) {
    const to = new Date(Date.parse(from) + HOUR_MS).toISOString();
    const answer = await request(`/api/history/results?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`);
    if (hour !== from) return;
    if (answer.ok) kept = answer.data.results.map(keptEntry);
    else setText($("history-count"), answer.problem);
    wantNames(kept.flatMap(({ result }) => bestOf(result)?.label ?? []));
  }
  show();
}

const labelOf = ({ result }) => bestOf(result)?.label ?? "";

function show() {
  showChosen(hour);
  const entries = hour === null ? [...latest.values()] : kept;
  showLabels(entries);
  const label = $("filter-label").value;
  const reviewOnly = $("filter-review").checked;
  const wanted = [...entries].reverse().filter(entry => (!label || labelOf(entry) === label) && (!reviewOnly || entry.result.needs_review));
  setText($("history-count"), countOf(wanted.length, entries.length));
  keepElements($("history"), wanted, ({ result, source }) => `${source} ${headlineOf(result)}`, entry => cardOf(entry));
}

function countOf(wanted, all) {
  if (wanted < all) return t("results.match", { wanted, all });
  if (hour !== null) return t("results.of-hour", { count: all });
  return all === 0 ? t("results.none") : t("results.latest", { count: all, captures });
}

// The labels to choose from are those of the results shown.
function showLabels(entries) {
  const select = $("filter-label");
  const labels = [...new Set(entries.map(labelOf).filter(Boolean))].map(label => [label, nameOfLabel(label)]).sort((a, b) => a[1].localeCompare(b[1]));
  const key = JSON.stringify(labels);
  if (select.dataset.key === key) return;
  const chosen = select.value;
  select.dataset.key = key;
  select.replaceChildren(new Option(t("results.all-products"), ""), ...labels.map(([label, name]) => new Option(name, label)));
  select.value = labels.some(([label]) => label === chosen) ? chosen : "";
}

function cardOf(entry) {
  const { result, source } = entry;
  const best = bestOf(result);
  const open = () => {
    const shown = (hour === null ? [...latest.values()] : kept);
    showDetail(shown, Math.max(0, shown.findIndex(each => each.result.seq === result.seq)));
  };
  const button = element("button", { type: "button", onclick: open },
    element("img", { src: source, alt: "", loading: "lazy", width: 150, height: 112 }),
    element("span", { className: "caption" },
      element("span", { className: "name", textContent: shortName(headlineOf(result)) }),
      element("span", { className: "line" }, element("span", { textContent: best ? percent(best.confidence) : "" }), element("span", { textContent: clockTime(result.captured_at) })),
      ...reviewTag("span", result).map(tag => element("span", {}, tag))));
  return element("li", {}, button);
}

// One place in full: what is seen, what was expected, why the verdict is what it is, and the corrections that a person is likely to make.
import { request } from "../api.js";
import { chooseProduct } from "../choose.js";
import { deviceTime } from "../device.js";
import { $, closeByBackdrop, element, fillFacts, icon, setText } from "../dom.js";
import { duration, sentence, since } from "../format.js";
import { showNote } from "../note.js";
import { takeBack, teach } from "../teaching.js";
import { learnNames, nameOfLabel, onBay, slotOf } from "./bay.js";
import { showLikeness } from "./likeness.js";
import { expectedName, placeOf, shownOf, wordOf } from "./verdicts.js";

let name = null;            // the place that is shown, or null
let asked = 0;              // counts the questions to the device, so that a late answer is not shown

export function start() {
  const sheet = $("slot");
  closeByBackdrop(sheet);
  $("slot-close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("close", () => { name = null; });
  $("slot-done").addEventListener("click", () => sheet.close());
  $("slot-right").addEventListener("click", () => learn(slotOf(name).expected.label, { expected: true }));
  $("slot-empty").addEventListener("click", () => learn("empty", { label: "empty" }));
  $("slot-seen").addEventListener("click", () => { const { seen } = slotOf(name); learn(seen, { label: seen }); });
  $("slot-other").addEventListener("click", async () => {
    const product = await chooseProduct({ title: "What is there now?" });
    if (!product || !name) return;
    learnNames([product]);
    learn(product.label, { label: product.label, ...(product.isNew ? { name: product.name, sku: product.sku, gtin: product.gtin } : {}) });
  });
  onBay(() => { if (name) refresh(); });
}

export function openSlot(slot) {
  name = slot;
  note("");
  $("slot-likeness").hidden = $("slot-changes-section").hidden = true;
  setText($("slot-reason"), "");
  refresh();
  if (!$("slot").open) $("slot").showModal();
}

async function refresh() {
  const slot = slotOf(name);
  if (!slot) {
    $("slot").close();
    return;
  }
  showHead(slot);
  const question = ++asked;
  const answer = await request(`/api/shelf/slots/${encodeURIComponent(name)}`);
  if (question !== asked || !name) return;
  if (answer.ok) showDetail({ ...slot, ...answer.data });
  else setText($("slot-reason"), answer.problem);
}

function showHead(slot) {
  const shown = shownOf(slot);
  if ($("slot-verdict").dataset.verdict !== shown) {
    $("slot-verdict").dataset.verdict = shown;
    $("slot-verdict").replaceChildren(icon(shown), wordOf(shown));
  }
  setText($("slot-title"), placeOf(slot));
  const source = `/api/shelf/slots/${encodeURIComponent(slot.slot)}/crop.jpg?at=${encodeURIComponent(slot.last_seen_at ?? "")}`;
  const crop = $("slot-crop");
  if (crop.getAttribute("src") !== source) {
    crop.hidden = false;
    crop.onerror = () => { crop.hidden = true; };
    crop.src = source;
  }
  crop.alt = `${placeOf(slot)}, as the device last saw it`;
  fillFacts($("slot-facts"), factsOf(slot));
  setText($("slot-sentence"), shown === "covered" ? "Something is in the way. What is said is what was seen before." : sentenceOf(slot));
  $("slot-right").hidden = !slot.expected;
  // Only what was never taught asks to be taught: of a place that is empty or wrong the goods are mostly to be put right, and not the device.
  $("slot-right").className = slot.verdict === "unchecked" ? "primary" : "";
  const isOther = slot.verdict === "mismatch" && slot.seen && slot.seen !== "empty";
  $("slot-seen").hidden = !isOther;
  setText($("slot-seen"), isOther ? `It is ${nameOfLabel(slot.seen)}` : "");
  setText($("slot-right-name"), slot.expected ? `It is ${expectedName(slot)}` : "");
}

// What the verdict means, without figures.
function sentenceOf({ verdict, expected, seen, examples }) {
  switch (verdict) {
    case "match": return "It looks as it was taught.";
    case "empty": return "It looks like an empty place.";
    case "mismatch": return seen ? `It looks more like ${nameOfLabel(seen)} than like what belongs here.` : "It does not look like what belongs here.";
    case "unknown": return "It looks like nothing that was taught.";
    default: return expected ? examples ? "It was not seen clearly yet." : "The device does not know yet how this product looks." : "No product was set for this place.";
  }
}

function factsOf(slot) {
  const ago = iso => duration(Math.max(1, (deviceTime() - Date.parse(iso)) / 1000));
  const seen = slot.verdict === "match" ? expectedName(slot) : slot.seen && slot.seen !== "empty" ? nameOfLabel(slot.seen) : slot.verdict === "unknown" ? "something not known" : "";
  return [
    ["Expected", slot.expected ? expectedName(slot) + (slot.expected.sku ? ` (${slot.expected.sku})` : "") : "nothing"],
    ...(seen ? [["Seen", sentence(seen)]] : []),
    ...(slot.verdict === "unchecked" ? [] : [["Since", `${since(slot.since)}, for ${ago(slot.since)}`]]),
    ...(slot.covered_since ? [["Covered", `for ${ago(slot.covered_since)}; before: ${wordOf(slot.verdict)}`, "warning"]] : []),
    ...(slot.last_seen_at ? [["Last seen clearly", `${ago(slot.last_seen_at)} ago`]] : []),
    ["Place", slot.slot],
  ];
}

function showDetail(slot) {
  setText($("slot-reason"), slot.explain?.reason ?? "");
  $("slot-likeness").hidden = !slot.explain || slot.explain.top.length === 0;
  if (slot.explain) showLikeness($("slot-bars"), slot.explain, slot.expected?.label);
  const changes = [...slot.changes ?? []].reverse();
  $("slot-changes-section").hidden = changes.length === 0;
  $("slot-changes").replaceChildren(...changes.map(change => element("li", {},
    element("time", { dateTime: change.since, textContent: since(change.since) }),
    element("span", {}, `${wordOf(change.from)} → `, element("strong", { textContent: wordOf(change.to) }), change.to === "mismatch" && change.seen ? `: ${nameOfLabel(change.seen)}` : "",
      ...(change.before_s ? [element("small", { textContent: ` after ${duration(change.before_s)}` })] : [])))));
}

// Teaches what is there now, and offers to take it back.
async function learn(label, lesson) {
  const slot = name;
  const buttons = [$("slot-right"), $("slot-seen"), $("slot-empty"), $("slot-other")];
  for (const button of buttons) button.disabled = true;
  note("Learning…");
  const { ok, problem, added, step, left } = await teach({ slots: [slot], ...lesson });
  for (const button of buttons) button.disabled = false;
  if (name !== slot) return;
  if (!ok) note(problem, { level: "error" });
  else if (added.length === 0) note(left || "The device knows this look already.", { isDone: true });
  else note(`Learned: this is ${nameOfLabel(label)}.`, {
    isDone: true,
    undo: async () => {
      const { text, level } = await takeBack(step);
      note(text, { level });
    },
  });
}

// When something was learned, the person is done here, or takes it back.
function note(text, { isDone = false, ...options } = {}) {
  showNote($("slot-note"), text, options);
  $("slot-ask").hidden = Boolean(text);
  $("slot").dataset.done = isDone ? "yes" : "no";
  $("slot-done").hidden = !isDone;
}

// One place in full: what is seen, what was expected, why the verdict is what it is, and the corrections that a person is likely to make.
import { request } from "../api.js";
import { chooseProduct } from "../choose.js";
import { deviceTime } from "../device.js";
import { $, closeByBackdrop, element, fillFacts, icon, setText } from "../dom.js";
import { duration, sentence, since } from "../format.js";
import { takeBack, teach } from "../teaching.js";
import { nameOfLabel, onBay, slotOf } from "./bay.js";
import { showLikeness } from "./likeness.js";
import { expectedName, placeOf, shownOf, wordOf } from "./verdicts.js";

let name = null;            // the place that is shown, or null
let asked = 0;              // counts the questions to the device, so that a late answer is not shown

export function start() {
  const sheet = $("slot");
  closeByBackdrop(sheet);
  $("slot-close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("close", () => { name = null; });
  $("slot-right").addEventListener("click", () => learn(slotOf(name).expected.label, { expected: true }));
  $("slot-empty").addEventListener("click", () => learn("empty", { label: "empty" }));
  $("slot-other").addEventListener("click", async () => {
    const product = await chooseProduct({ title: "What is there now?" });
    if (product && name) learn(product.label, { label: product.label });
  });
  onBay(() => { if (name) refresh(); });
}

export function openSlot(slot) {
  name = slot;
  showNote("");
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
  $("slot-right").hidden = !slot.expected;
  setText($("slot-right-name"), slot.expected ? `It is ${expectedName(slot)}` : "");
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
  const buttons = [$("slot-right"), $("slot-empty"), $("slot-other")];
  for (const button of buttons) button.disabled = true;
  showNote("Learning…");
  const { ok, problem, step } = await teach({ slots: [slot], ...lesson });
  for (const button of buttons) button.disabled = false;
  if (name !== slot) return;
  if (!ok) showNote(problem, { level: "error" });
  else showNote(`Learned: this is ${nameOfLabel(label)}. The next look knows it.`, step === undefined ? {} : {
    undo: async () => {
      const failed = await takeBack(step);
      showNote(failed || "Taken back. The device knows what it knew before.", { level: failed ? "error" : "" });
    },
  });
}

function showNote(text, { level = "", undo } = {}) {
  const note = $("slot-note");
  note.hidden = !text;
  $("slot-ask").hidden = Boolean(text);
  note.dataset.level = level;
  note.replaceChildren(element("span", { textContent: text }), ...(undo ? [element("button", { type: "button", textContent: "Undo", onclick: undo })] : []));
}

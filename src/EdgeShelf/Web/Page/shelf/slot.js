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
import { t } from "../texts.js";

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
    const product = await chooseProduct({ title: t("slot.what-now") });
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
  crop.alt = t("slot.crop", { place: placeOf(slot) });
  fillFacts($("slot-facts"), factsOf(slot));
  setText($("slot-sentence"), shown === "covered" ? t("slot.covered-text") : sentenceOf(slot));
  $("slot-right").hidden = !slot.expected;
  // Only what was never taught asks to be taught: of a place that is empty or wrong the goods are mostly to be put right, and not the device.
  $("slot-right").className = slot.verdict === "unchecked" ? "primary" : "";
  const isOther = slot.verdict === "mismatch" && slot.seen && slot.seen !== "empty";
  $("slot-seen").hidden = !isOther;
  setText($("slot-seen"), isOther ? t("slot.it-is", { product: nameOfLabel(slot.seen) }) : "");
  setText($("slot-right-name"), slot.expected ? t("slot.it-is", { product: expectedName(slot) }) : "");
}

// What the verdict means, without figures.
function sentenceOf({ verdict, expected, seen, examples }) {
  switch (verdict) {
    case "match": return t("slot.match");
    case "empty": return t("slot.empty");
    case "mismatch": return seen ? t("slot.mismatch", { product: nameOfLabel(seen) }) : t("slot.mismatch-unknown");
    case "unknown": return t("slot.unknown");
    default: return t(expected ? examples ? "slot.unseen" : "slot.untaught" : "slot.no-product");
  }
}

function factsOf(slot) {
  const ago = iso => duration(Math.max(1, (deviceTime() - Date.parse(iso)) / 1000));
  const seen = slot.verdict === "match" ? expectedName(slot) : slot.seen && slot.seen !== "empty" ? nameOfLabel(slot.seen) : slot.verdict === "unknown" ? t("slot.something") : "";
  return [
    [t("slot.expected"), slot.expected ? expectedName(slot) + (slot.expected.sku ? ` (${slot.expected.sku})` : "") : t("slot.nothing")],
    ...(seen ? [[t("slot.seen"), sentence(seen)]] : []),
    ...(slot.verdict === "unchecked" ? [] : [[t("slot.since"), t("slot.since-for", { time: since(slot.since), duration: ago(slot.since) })]]),
    ...(slot.covered_since ? [[t("slot.covered"), t("slot.covered-for", { duration: ago(slot.covered_since), word: wordOf(slot.verdict) }), "warning"]] : []),
    ...(slot.last_seen_at ? [[t("slot.last-clear"), t("time.ago", { time: ago(slot.last_seen_at) })]] : []),
    [t("slot.place"), slot.slot],
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
      ...(change.before_s ? [element("small", { textContent: t("slot.change", { duration: duration(change.before_s) }) })] : [])))));
}

// Teaches what is there now, and offers to take it back.
async function learn(label, lesson) {
  const slot = name;
  const buttons = [$("slot-right"), $("slot-seen"), $("slot-empty"), $("slot-other")];
  for (const button of buttons) button.disabled = true;
  note(t("slot.learning"));
  const { ok, problem, added, step, left } = await teach({ slots: [slot], ...lesson });
  for (const button of buttons) button.disabled = false;
  if (name !== slot) return;
  if (!ok) note(problem, { level: "error" });
  else if (added.length === 0) note(left || t("slot.known"), { isDone: true });
  else note(t("slot.learned", { product: nameOfLabel(label) }), {
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

// The examples of a product as pictures: which ones are doubtful, and deleting or moving those that are chosen.
import { request } from "../api.js";
import { ask } from "../ask.js";
import { chooseProduct } from "../choose.js";
import { $, element, keepElements, setText } from "../dom.js";
import { productName, since } from "../format.js";
import { nameOfLabel, slotOf } from "../shelf/bay.js";
import { placeOf } from "../shelf/verdicts.js";
import { sendWithConsent } from "./changes.js";
import { t } from "../texts.js";

let product = null;
let doubts = new Map();     // what is doubtful of an example, by its id
let done = () => {};
const chosen = new Set();   // ids

// `tell(result)` is called with what came of a change.
export function startExamples(tell) {
  done = tell;
  $("examples-delete").addEventListener("click", removeChosen);
  $("examples-move").addEventListener("click", moveChosen);
  $("examples-cancel").addEventListener("click", () => { clearChosen(); refresh(); });
}

export function clearChosen() {
  chosen.clear();
}

export function showExamples(shown, figures) {
  product = shown;
  doubts = new Map([
    ...(figures?.duplicates ?? []).map(({ newer }) => [newer, { text: t("product.duplicate"), level: "" }]),
    ...(figures?.suspects ?? []).map(({ id, looks_like: other }) => [id, { text: t("product.looks-like", { product: nameOfLabel(other) }), level: "warning" }]),
  ]);
  refresh();
}

function refresh() {
  const { own } = product;
  for (const id of [...chosen]) if (!own.some(example => example.id === id)) chosen.delete(id);
  setText($("product-examples-title"), own.length ? t("examples", { count: own.length }) : t("product.examples"));
  $("product-examples-section").hidden = own.length === 0;
  // What is doubtful stands first, then the newest.
  const order = [...own].sort((a, b) => Number(doubts.has(b.id)) - Number(doubts.has(a.id)) || b.id - a.id);
  keepElements($("product-examples"), order, example => example.id, make, update);
  const count = chosen.size;
  $("examples-chosen").hidden = count === 0;
  $("product-actions").hidden = count > 0;
  setText($("examples-count"), t("product.examples-chosen", { count }));
  setText($("examples-move"), t("product.shows-other", { count }));
}

function make(example) {
  return element("li", {}, element("button", { type: "button", onclick: () => { if (!chosen.delete(example.id)) chosen.add(example.id); refresh(); } },
    element("img", { src: `/api/examples/${encodeURIComponent(example.id)}/crop.jpg`, alt: "", loading: "lazy" }), element("small"), element("small", { className: "doubt" })));
}

function update(item, example) {
  const button = item.firstElementChild;
  const doubt = doubts.get(example.id);
  const where = example.slot ? slotOf(example.slot) ? placeOf(slotOf(example.slot)) : example.slot : t("product.from-file");
  button.setAttribute("aria-pressed", String(chosen.has(example.id)));
  button.ariaLabel = t(doubt ? "product.example-doubt" : "product.example", { where, time: since(example.at), doubt: doubt?.text });
  const [, text, note] = button.children;
  setText(text, t("product.example-where", { where, time: since(example.at) }));
  setText(note, doubt ? doubt.text : "");
  note.dataset.level = doubt?.level ?? "";
}

async function removeChosen() {
  const ids = [...chosen];
  const all = ids.length === product.own.length;
  if (all) {
    const answer = await ask({
      title: t("product.delete-all"), text: t("product.delete-all-text", { product: productName(product) }),
      buttons: [{ label: t("product.keep-them"), value: null, kind: "primary" }, { label: t("product.delete-them"), value: "delete", kind: "danger" }],
    });
    if (answer !== "delete") return;
  }
  const steps = [];
  for (const id of ids) {
    const answer = await request(`/api/examples/${encodeURIComponent(id)}`, { method: "DELETE" });
    if (!answer.ok) {
      done({ text: answer.problem, level: "error", steps });
      return;
    }
    if (answer.data.step) steps.push(answer.data.step.step);
  }
  done({ text: t("product.deleted", { count: ids.length }), steps });
}

// Chosen examples become those of another product, or of a new one: the product is split.
async function moveChosen() {
  const ids = [...chosen];
  const { label } = product;
  const to = await chooseProduct({ title: t("product.what-example", { count: ids.length }), except: label, products: [{ label: "empty", name: t("empty-place-first") }] });
  if (!to) return;
  const details = to.isNew ? { name: to.name, sku: to.sku, gtin: to.gtin } : {};
  const answer = await sendWithConsent(`/api/products/${encodeURIComponent(label)}/split`, "POST", { examples: ids, label: to.label, ...details });
  if (!answer) return;
  done(answer.ok ? { text: t("product.moved", { count: ids.length, product: productName(to) }), steps: [answer.data.step.step] } : { text: answer.problem, level: "error" });
}

// One product in full: how well it is known, what would help, its examples, and what can be changed of it.
import { $, closeByBackdrop, element, setText } from "../dom.js";
import { productName } from "../format.js";
import { showNote } from "../note.js";
import { takeBack } from "../teaching.js";
import { load as loadBay, nameOfLabel } from "../shelf/bay.js";
import { merge, remove, rename } from "./changes.js";
import { clearChosen, showExamples, startExamples } from "./examples.js";
import { isEnough, needOf, shareOf } from "./words.js";
import { hasText, t } from "../texts.js";

let opened = null;          // the product that is open, as the list has it
let all = [];
let reload = () => {};

// `reloadList()` reads the products again and calls `refreshProduct`.
export function startSheet(reloadList) {
  reload = reloadList;
  closeByBackdrop($("product"));
  startExamples(done);
  $("product-close").addEventListener("click", () => $("product").close());
  $("product").addEventListener("close", () => { opened = null; });
  $("product-rename").addEventListener("click", () => act(() => rename(opened)));
  $("product-merge").addEventListener("click", () => act(() => merge(opened, all)));
  $("product-remove").addEventListener("click", () => act(() => remove(opened)));
}

export function openProduct(product) {
  opened = product;
  clearChosen();
  showNote($("product-note"), "");
  show();
  if (!$("product").open) $("product").showModal();
  document.querySelector("#product .sheet-body").scrollTop = 0;
}

// The list was read again.
export function refreshProduct(products) {
  all = products;
  if (!opened) return;
  const now = products.find(product => product.label === opened.label);
  // Only its examples may be gone, and the undo of that must stay in reach.
  opened = now ?? { ...opened, own: [], figures: null, slots: [] };
  show();
}

function show() {
  const { label, own, slots, figures, isTaught } = opened;
  setText($("product-title"), productName(opened));
  $("product-need").dataset.level = isEnough(opened) ? "good" : "warning";
  setText($("product-need"), needOf(opened));
  setText($("product-numbers"), [opened.sku && t("product.article", opened), opened.gtin && t("product.barcode", opened), slots.length ? t("product.belongs", { count: slots.length }) : ""].filter(Boolean).join(" · "));
  $("product-numbers").hidden = !$("product-numbers").textContent;
  $("product-rename").hidden = label === "empty";
  $("product-merge").hidden = label === "empty";
  $("product-remove").hidden = !isTaught;
  showFigures(figures);
  showExamples(opened, figures);
  if (own.length === 0 || figures === null) {
    $("product-advice").replaceChildren(element("li", { textContent: slots.length ? t("product.no-example", { product: productName(opened) }) : t("product.no-example-other") }));
  }
}

function showFigures(figures) {
  $("product-known").hidden = !figures;
  showTwins(figures?.same_as ?? []);
  if (!figures) return;
  setText($("product-share"), figures.judged ? shareOf(figures) : t("product.not-judged"));
  $("product-bar").hidden = !figures.judged;
  if (figures.judged) $("product-bar").firstElementChild.style.width = `${figures.right / figures.judged * 100}%`;
  setText($("product-how"), t(figures.judged ? "product.how" : "product.how-second"));
  $("product-taken").replaceChildren(...figures.taken_for.map(({ label, times }) => element("li", { textContent: t("product.taken-for", { count: times, product: label ? nameOfLabel(label) : t("product.nothing-known") }) })));
  $("product-advice").replaceChildren(...figures.advice.map((text, i) => element("li", { textContent: adviceOf(figures.advice_codes[i], text) })));
}

// The device's advice in the page's language; its own English where the page does not know the code.
function adviceOf({ code, missed, judged, looks_like: other }, text) {
  if (!hasText(`advice.${code}`)) return text;
  const advice = t(`advice.${code}`, { missed, count: judged });
  return other ? `${advice} ${t("advice.looks-like", { product: nameOfLabel(other) })}` : advice;
}

// Products that may be the same one: what the device found, and those that have the same name on the page.
function showTwins(found) {
  const name = productName(opened).toLowerCase();
  const named = all.filter(other => other.label !== opened.label && productName(other).toLowerCase() === name && !found.some(same => same.label === other.label));
  const twins = [...found.map(same => ({ ...same, reason: hasText(`twin.${same.code}`) ? t(`twin.${same.code}`) : same.reason })), ...named.map(({ label }) => ({ label, reason: t("product.same-name") }))];
  $("product-twins").hidden = twins.length === 0;
  $("product-twins").replaceChildren(...twins.map(({ label, reason }) => element("div", { className: "twin" },
    element("p", {}, element("strong", { textContent: t("product.may-be-same", { product: nameOfLabel(label) }) }), reason),
    element("button", { type: "button", textContent: t("product.make-one"), onclick: () => act(() => merge(opened, all, { label })) }))));
}

// Does something with the product, and says what came of it.
async function act(change) {
  const result = await change();
  if (result) await done(result);
}

// `result` is { text, level, steps, undo, label }: the steps to take back, what else to take back, and the label that the product has now.
async function done({ text, level = "", steps = [], undo, label }) {
  const before = opened;
  if (label && opened) opened = { ...opened, label };
  clearChosen();
  await Promise.all([reload(), loadBay()]);
  showNote($("product-note"), text, steps.length || undo ? {
    level,
    undo: async () => {
      const back = await takeBack(...[...steps].reverse());
      if (back.level !== "error") await undo?.();
      if (opened) opened = before;
      await Promise.all([reload(), loadBay()]);
      showNote($("product-note"), back.text, { level: back.level });
    },
  } : { level });
}

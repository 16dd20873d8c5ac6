// Choosing a product: by name, article number or barcode among those that are known, or a new one.
import { request } from "./api.js";
import { $, closeByBackdrop, element, setText } from "./dom.js";
import { productName } from "./format.js";
import { digitsOf, isGtin, isSameGtin, problemOfGtin } from "./gtin.js";
import { hideForm, onProduct, showForm } from "./new-product.js";
import { canScan, scan } from "./scan.js";
import { t } from "./texts.js";

const WAIT_MS = 150;        // after the last key, before the device is asked
const LONG_NUMBER = 8;      // digits from which a number is taken for a barcode

let resolve = () => {};
let chosen = null;
let own = [];               // products that the device does not know yet
let asked = 0;

export function start() {
  const dialog = $("choose");
  closeByBackdrop(dialog);
  onProduct(choose);
  $("choose-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => resolve(chosen));
  let timer;
  $("choose-search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, WAIT_MS); });
  $("choose-search").addEventListener("keydown", event => {
    if (event.key === "ArrowDown") $("choose-list").querySelector("button")?.focus();
    else if (event.key === "Enter") $("choose-list").querySelector("button")?.click();
    else return;
    event.preventDefault();
  });
  $("choose-list").addEventListener("keydown", walk);
  $("choose-scan").hidden = !canScan();
  $("choose-scan").addEventListener("click", scanned);
}

// Returns the product, { label, name, sku, gtin, isNew }, or null. `products` are offered besides those that the device knows; `except` is a label that is not.
export function chooseProduct({ title, products = [], except = null }) {
  own = products;
  chosen = null;
  setText($("choose-title"), title);
  $("choose-search").value = "";
  $("choose-list").replaceChildren();
  $("choose").dataset.except = except ?? "";
  hideForm();
  $("choose").showModal();
  $("choose-search").focus();
  search();
  return new Promise(done => { resolve = done; });
}

function choose(product) {
  chosen = product;
  $("choose").close();
}

// The products that have the text in their label, name, article number or barcode. A barcode may be known with or without the zeros before it.
async function find(text) {
  const digits = isGtin(text) ? digitsOf(text) : "";
  const answer = await request(`/api/products?search=${encodeURIComponent(digits ? digits.replace(/^0+/, "") : text)}`);
  if (!answer.ok) return answer;
  const known = answer.data.products;
  const matching = own.filter(product => !known.some(other => other.label === product.label)
    && [product.label, product.name, product.sku, product.gtin].some(value => value?.toLowerCase().includes(text.toLowerCase())));
  const except = $("choose").dataset.except;
  const products = [...matching, ...known.filter(product => product.label !== "empty")].filter(product => product.label !== except);
  return { ok: true, products: digits ? products.filter(product => isSameGtin(product.gtin, digits) || product.sku === text) : products };
}

async function search() {
  const text = $("choose-search").value.trim();
  const question = ++asked;
  const answer = await find(text);
  if (question !== asked) return;
  const products = answer.products ?? [];
  const number = digitsOf(text);
  const isNumber = number.length >= LONG_NUMBER;
  const isNamed = products.some(product => productName(product).toLowerCase() === text.toLowerCase() || product.label === text || product.sku === text);
  const rows = products.map(product => choice(productName(product), detailOf(product), () => choose(product)));
  const isOffered = answer.ok && text && !isNamed && !(isNumber && (products.length > 0 || !isGtin(text)));
  if (isOffered) rows.push(choice(isNumber ? t("choose.new-barcode") : t("choose.new", { name: text }), t("choose.new-hint"), () => showForm(isNumber ? { gtin: number } : { name: text }, own), "new"));
  $("choose-list").replaceChildren(...rows);
  $("choose-hint").hidden = text !== "" || rows.length === 0;
  setText($("choose-hint"), t(products.some(product => product.examples) || own.length ? "choose.hint" : "choose.hint-model"));
  setText($("choose-none"), answer.problem ?? (rows.length === 0 ? isNumber ? problemOfGtin(text) : t("choose.none") : isNumber && products.length === 0 ? t("choose.no-barcode") : ""));
}

async function scanned() {
  const number = await scan(text => setText($("choose-none"), text));
  if (!number) return;
  $("choose-search").value = number;
  await search();
  $("choose-list").querySelector("button")?.focus();
}

const detailOf = ({ sku, gtin, examples }) => [sku && t("choose.article", { sku }), gtin, examples === undefined ? "" : examples ? t("examples", { count: examples }) : t("choose.untaught")].filter(Boolean).join(" · ");

function choice(name, detail, onclick, className = "") {
  return element("li", {}, element("button", { type: "button", className, onclick }, element("strong", { textContent: name }), element("small", { textContent: detail })));
}

function walk(event) {
  const buttons = [...$("choose-list").querySelectorAll("button")];
  const here = buttons.indexOf(document.activeElement);
  if (event.key === "ArrowDown") buttons[here + 1]?.focus();
  else if (event.key === "ArrowUp") (buttons[here - 1] ?? $("choose-search")).focus();
  else return;
  event.preventDefault();
}

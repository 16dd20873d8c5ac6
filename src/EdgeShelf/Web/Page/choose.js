// Choosing a product: by name, article number or barcode among those that are known, or a new one by its name.
import { request } from "./api.js";
import { $, closeByBackdrop, element, setText } from "./dom.js";
import { plural, productName } from "./format.js";

const WAIT_MS = 150;        // after the last key, before the device is asked

let resolve = () => {};
let chosen = null;
let own = [];               // products that the device does not know yet
let asked = 0;

export function start() {
  const dialog = $("choose");
  closeByBackdrop(dialog);
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
}

// Returns the product, { label, name, sku, gtin, isNew }, or null. `products` are some that the device does not know yet.
export function chooseProduct({ title, products = [] }) {
  own = products;
  chosen = null;
  setText($("choose-title"), title);
  $("choose-search").value = "";
  $("choose-list").replaceChildren();
  $("choose").showModal();
  search();
  return new Promise(done => { resolve = done; });
}

async function search() {
  const text = $("choose-search").value.trim();
  const question = ++asked;
  const answer = await request(`/api/products?search=${encodeURIComponent(text)}`);
  if (question !== asked) return;
  const known = answer.ok ? answer.data.products : [];
  const matching = own.filter(product => !known.some(other => other.label === product.label) && [product.label, product.name].some(value => value?.toLowerCase().includes(text.toLowerCase())));
  const products = [...matching, ...known].filter(product => product.label !== "empty");
  const isNamed = products.some(product => productName(product).toLowerCase() === text.toLowerCase() || product.label === text);
  const rows = products.map(product => choice(product, productName(product), detailOf(product)));
  if (text && !isNamed) rows.push(choice({ label: labelFor(text, products), name: text, sku: null, gtin: null, isNew: true }, `New product: “${text}”`, "It is known from now on."));
  $("choose-list").replaceChildren(...rows);
  setText($("choose-none"), answer.ok ? rows.length ? "" : "No product is known yet. Write the name of a new one." : answer.problem);
}

const detailOf = ({ sku, gtin, examples }) => [sku && `article ${sku}`, gtin, examples === undefined ? "" : examples ? plural(examples, "example") : "not taught"].filter(Boolean).join(" · ");

function choice(product, name, detail) {
  return element("li", {}, element("button", { type: "button", onclick: () => { chosen = product; $("choose").close(); } },
    element("strong", { textContent: name }), element("small", { textContent: detail })));
}

function walk(event) {
  const buttons = [...$("choose-list").querySelectorAll("button")];
  const here = buttons.indexOf(document.activeElement);
  if (event.key === "ArrowDown") buttons[here + 1]?.focus();
  else if (event.key === "ArrowUp") (buttons[here - 1] ?? $("choose-search")).focus();
  else return;
  event.preventDefault();
}

// The label of a new product: the name in lower-case letters and digits with dashes, or a number where the name has none.
export function labelFor(name, products) {
  const base = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 48) || "product";
  const taken = new Set(["empty", ...products.map(product => product.label)]);
  let label = base;
  for (let number = 2; taken.has(label); number++) label = `${base}-${number}`;
  return label;
}

// The products that belong on this shelf or were taught: what they look like, and how well the device knows them.
import { request } from "./api.js";
import { $, element, icon, setText } from "./dom.js";
import { productName, shortName } from "./format.js";
import { onPart } from "./parts.js";
import { openProduct, refreshProduct, startSheet } from "./products/sheet.js";
import { isEnough, needOf, shareOf } from "./products/words.js";
import { bayNow, learnNames, onBay } from "./shelf/bay.js";
import { t } from "./texts.js";

let isShown = false;
let seen = "";              // what the list was read for

export function start() {
  startSheet(load);
  onPart(part => { isShown = part === "products"; if (isShown) load(); });
  onBay(bay => {
    // A look changes the shelf every few seconds, and the list only when a verdict or an example changed.
    const key = JSON.stringify(bay.slots.map(({ slot, verdict, expected, examples }) => [slot, verdict, expected, examples]));
    if (isShown && key !== seen) load();
    seen = key;
  });
}

// Reads what there is. Returns the products, each with `figures` and its `own` examples, or null if they cannot be read.
async function read() {
  const [known, taught, figures] = await Promise.all(["/api/products", "/api/examples", "/api/examples/figures"].map(path => request(path)));
  const failed = [known, taught, figures].find(answer => !answer.ok);
  if (failed) return { problem: failed.problem };
  const { examples, products } = taught.data;
  const bay = bayNow();
  const wanted = new Set([...bay?.slots.flatMap(slot => slot.expected?.label ?? []) ?? [], ...products.map(product => product.label), ...examples.map(example => example.label)]);
  const named = new Map([...products, ...known.data.products].map(product => [product.label, product]));
  learnNames(named.values());
  const figuresOf = new Map(figures.data.products.map(product => [product.label, product]));
  const all = [...wanted].filter(label => label !== "empty").map(label => ({ ...named.get(label) ?? { label, name: null, sku: null, gtin: null } }))
    .sort((a, b) => productName(a).localeCompare(productName(b)));
  if (wanted.has("empty")) all.push({ label: "empty", name: t("empty-place-name"), sku: null, gtin: null });
  return {
    // What lacks something stands first.
    products: all.map(product => ({
      ...product, isTaught: products.some(each => each.label === product.label), figures: figuresOf.get(product.label) ?? null, own: examples.filter(example => example.label === product.label),
      slots: bay?.slots.filter(slot => slot.expected?.label === product.label) ?? [],
    })).sort((a, b) => Number(isEnough(a)) - Number(isEnough(b))),
  };
}

async function load() {
  const { products = [], problem } = await read();
  $("products-none").hidden = products.length > 0;
  setText($("products-none"), problem ?? t("products.none"));
  const lacking = products.filter(product => !isEnough(product)).length;
  setText($("products-count"), countOf(products.length, lacking));
  $("product-cards").replaceChildren(...products.map(cardOf));
  refreshProduct(products);
}

function countOf(count, lacking) {
  if (count === 0) return "";
  const products = t("products.count", { count });
  return lacking ? t("products.lacking", { products, count: lacking }) : products;
}

function cardOf(product) {
  const { own, slots, figures } = product;
  const there = slots.filter(slot => slot.verdict === "match").length;
  const picture = own.length ? element("img", { src: cropOf(own.at(-1)), alt: "", width: 56, height: 76, loading: "lazy" }) : element("span", { className: "no-picture" }, icon("products"));
  return element("li", {}, element("button", { type: "button", onclick: () => openProduct(product) }, picture,
    element("span", { className: "what" },
      element("strong", { textContent: shortName(productName(product)) }),
      element("small", { textContent: [own.length ? t("examples", { count: own.length }) : "", shareOf(figures)].filter(Boolean).join(" · ") }),
      ...(slots.length ? [element("small", { textContent: t("products.in-place", { there, count: slots.length }) })] : []),
      ...(figures?.judged ? [barOf(figures)] : []),
      element("span", { className: "need", textContent: needOf(product), data: { level: isEnough(product) ? "good" : "warning" } }))));
}

function barOf({ judged, right }) {
  const fill = element("span");
  fill.style.width = `${right / judged * 100}%`;
  return element("span", { className: "bar", attributes: { "aria-hidden": "true" } }, fill);
}

const cropOf = example => `/api/examples/${encodeURIComponent(example.id)}/crop.jpg`;

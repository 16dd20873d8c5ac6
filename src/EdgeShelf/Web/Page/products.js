// The products that belong on this shelf or were taught: how many examples there are of each, and what they look like.
import { request } from "./api.js";
import { $, closeByBackdrop, element, fillFacts, icon, setText } from "./dom.js";
import { plural, productName, since } from "./format.js";
import { onPart } from "./parts.js";
import { bayNow, load as loadBay, onBay } from "./shelf/bay.js";

let isShown = false;
let products = [];
let examples = [];
let opened = null;          // the label of the product that is open

export function start() {
  onPart(part => { isShown = part === "products"; if (isShown) load(); });
  onBay(() => { if (isShown) load(); });
  closeByBackdrop($("product"));
  $("product-close").addEventListener("click", () => $("product").close());
  $("product").addEventListener("close", () => { opened = null; });
}

async function load() {
  const [known, taught] = await Promise.all([request("/api/products"), request("/api/examples")]);
  const bay = bayNow();
  examples = taught.ok ? taught.data.examples : [];
  const wanted = new Set([...bay?.slots.flatMap(slot => slot.expected?.label ?? []) ?? [], ...examples.map(example => example.label)]);
  const named = new Map((known.ok ? known.data.products : []).map(product => [product.label, product]));
  products = [...wanted].filter(label => label !== "empty").map(label => named.get(label) ?? { label, name: null, sku: null, gtin: null })
    .sort((a, b) => productName(a).localeCompare(productName(b)));
  if (examples.some(example => example.label === "empty")) products.push({ label: "empty", name: "Empty place", sku: null, gtin: null });
  show(known.ok ? taught.problem : known.problem);
}

const examplesOf = label => examples.filter(example => example.label === label);

function show(problem) {
  $("products-none").hidden = products.length > 0;
  setText($("products-none"), problem ?? "No product belongs on this shelf yet. Draw the places first and choose what belongs there.");
  const untaught = products.filter(product => examplesOf(product.label).length === 0).length;
  setText($("products-count"), products.length ? `${products.length}` + (untaught ? `, ${untaught} not taught yet` : "") : "");
  $("product-cards").replaceChildren(...products.map(cardOf));
  if (opened) showProduct(opened);
}

function cardOf(product) {
  const own = examplesOf(product.label);
  const slots = bayNow()?.slots.filter(slot => slot.expected?.label === product.label) ?? [];
  const there = slots.filter(slot => slot.verdict === "match").length;
  const picture = own.length ? element("img", { src: cropOf(own.at(-1)), alt: "", width: 56, height: 76, loading: "lazy" }) : element("span", { className: "no-picture" }, icon("products"));
  return element("li", {}, element("button", { type: "button", onclick: () => openProduct(product.label) }, picture,
    element("span", { className: "what" },
      element("strong", { textContent: productName(product) }),
      element("span", { textContent: own.length ? plural(own.length, "example") : "not taught yet", data: { level: own.length ? "" : "warning" } }),
      ...(slots.length ? [element("small", { textContent: `${there} of ${plural(slots.length, "place")} in place` })] : []),
      ...(product.sku ? [element("small", { textContent: `article ${product.sku}` })] : []))));
}

const cropOf = example => `/api/examples/${encodeURIComponent(example.id)}/crop.jpg`;

function openProduct(label) {
  opened = label;
  setText($("product-note"), "");
  showProduct(label);
  $("product").showModal();
}

function showProduct(label) {
  const product = products.find(each => each.label === label);
  if (!product) {
    $("product").close();
    return;
  }
  const own = examplesOf(label);
  setText($("product-title"), productName(product));
  fillFacts($("product-facts"), [
    ...(product.sku ? [["Article", product.sku]] : []), ...(product.gtin ? [["GTIN", product.gtin]] : []),
    ["Label", label], ["Examples", own.length ? `${own.length}` : "none: open a place where it stands and press “This is right”"],
  ]);
  $("product-examples").replaceChildren(...own.map(example => element("li", {},
    element("img", { src: cropOf(example), alt: `Example from ${example.slot}`, loading: "lazy" }),
    element("small", { textContent: `${example.slot}, ${since(example.at)}` }),
    element("button", { type: "button", className: "quiet", textContent: "Remove", ariaLabel: `Remove the example from ${example.slot}`, onclick: () => remove(example) }))));
}

async function remove(example) {
  const answer = await request(`/api/examples/${encodeURIComponent(example.id)}`, { method: "DELETE" });
  setText($("product-note"), answer.ok ? "Removed. The next look does without it." : answer.problem);
  await Promise.all([load(), loadBay()]);
}

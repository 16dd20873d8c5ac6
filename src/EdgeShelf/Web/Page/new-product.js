// The form of a new product: its name, and if there are any its article number and the number below its barcode.
import { request } from "./api.js";
import { $, element, setText } from "./dom.js";
import { productName } from "./format.js";
import { digitsOf, isSameGtin, problemOfGtin } from "./gtin.js";
import { canScan, scan } from "./scan.js";
import { t } from "./texts.js";

let give = () => {};        // called with the product that was made or found
let own = [];               // products that the device does not know yet
let asked = 0;
let isBusy = false;

export function onProduct(listener) {
  give = listener;
}

export function start() {
  $("new-product").addEventListener("submit", event => { event.preventDefault(); make(); });
  $("new-back").addEventListener("click", () => { hideForm(); $("choose-search").focus(); });
  for (const id of ["new-name", "new-sku", "new-gtin"]) $(id).addEventListener("change", lookForTwin);
  $("new-gtin").addEventListener("input", () => { if (!$("new-gtin-hint").hidden) checkGtin(); });
  $("new-scan").hidden = !canScan();
  $("new-scan").addEventListener("click", async () => {
    const number = await scan(text => showHint(text));
    if (!number) return;
    $("new-gtin").value = number;
    lookForTwin();
  });
}

export function showForm({ name = "", gtin = "" }, products) {
  own = products;
  [$("new-name").value, $("new-sku").value, $("new-gtin").value] = [name, "", gtin];
  showHint("");
  $("new-twin").hidden = true;
  $("choose").dataset.form = "yes";
  (name ? $("new-make") : $("new-name")).focus();
  lookForTwin();
}

export function hideForm() {
  asked++;
  $("choose").dataset.form = "no";
}

function showHint(text) {
  $("new-gtin-hint").hidden = !text;
  setText($("new-gtin-hint"), text);
  $("new-gtin").setAttribute("aria-invalid", String(Boolean(text)));
}

function checkGtin() {
  const text = $("new-gtin").value.trim();
  const problem = text ? problemOfGtin(text) : "";
  showHint(problem);
  return !problem;
}

// A product that is known already under this barcode, article number or name is offered before a second one is made.
async function lookForTwin() {
  checkGtin();
  const question = ++asked;
  const twin = await findTwin();
  if (question !== asked) return;
  $("new-twin").hidden = !twin;
  if (!twin) return;
  const { product, what } = twin;
  $("new-twin").replaceChildren(element("p", { textContent: t(`new.twin.${what}`, { product: productName(product) }) }),
    element("button", { type: "button", textContent: t("new.use-twin", { product: productName(product) }), onclick: () => give(product) }));
}

async function findTwin() {
  const [name, sku, gtin] = values();
  const all = async text => text ? [...own, ...(await request(`/api/products?search=${encodeURIComponent(text)}`)).data?.products ?? []] : [];
  const byGtin = (await all(digitsOf(gtin).replace(/^0+/, ""))).find(product => isSameGtin(product.gtin, gtin));
  if (byGtin) return { product: byGtin, what: "barcode" };
  const bySku = (await all(sku)).find(product => product.sku === sku);
  if (bySku) return { product: bySku, what: "sku" };
  const byName = (await all(name)).find(product => productName(product).toLowerCase() === name.toLowerCase());
  return byName ? { product: byName, what: "name" } : null;
}

const values = () => ["new-name", "new-sku", "new-gtin"].map(id => $(id).value.trim());

async function make() {
  const [name, sku, gtin] = values();
  if (!checkGtin() || isBusy) return;
  if (!name) {
    $("new-name").focus();
    return;
  }
  isBusy = true;
  const base = baseOf(name);
  const answer = await request(`/api/products?search=${encodeURIComponent(base)}`);
  isBusy = false;
  if (!answer.ok) {
    showHint(answer.problem);
    return;
  }
  give({ label: labelFor(base, [...own, ...answer.data.products]), name, sku: sku || null, gtin: digitsOf(gtin) || null, isNew: true });
}

// The label that a name asks for: the name in lower-case letters and digits of its script, with dashes between the words. A name of signs only gets their
// codes, so that two phones that name two products at once do not name them alike.
export function baseOf(name) {
  const plain = name.normalize("NFKD").replaceAll(/[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase();
  const words = plain.replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, "-").replaceAll(/^-+|-+$/g, "");
  const base = words || `product-${[...name].map(sign => sign.codePointAt(0).toString(16)).join("-")}`;
  return base.slice(0, 48).replace(/[\ud800-\udbff-]$/, "");
}

// A label that no other product has.
export function labelFor(base, products) {
  const taken = new Set(["empty", ...products.map(product => product.label)]);
  let label = base;
  for (let number = 2; taken.has(label); number++) label = `${base}-${number}`;
  return label;
}

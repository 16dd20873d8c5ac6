// The panel of the editor: the fields of the selected places, the problems of the last try to save, and what to do when nothing is selected.
import { chooseProduct } from "../choose.js";
import { $, element, setText } from "../dom.js";
import { productName, sentence } from "../format.js";
import { problemOfName } from "./naming.js";
import { t } from "../texts.js";

let drawing;
let select;                 // selects the places of a problem

// `selectPlaces(ids)` selects places and brings them into view.
export function start(selectPlaces) {
  select = selectPlaces;
  $("editor-form").addEventListener("submit", event => event.preventDefault());
  $("place-slot").addEventListener("input", () => drawing.update(() => ({ slot: $("place-slot").value.trim() }), "slot"));
  $("place-shelf").addEventListener("input", () => {
    const shelf = $("place-shelf").value === "" ? null : Math.round(Number($("place-shelf").value));
    drawing.update(() => ({ shelf }), "shelf");
  });
  $("place-product").addEventListener("click", choose);
  $("place-product-all").addEventListener("click", () => drawing.setProductOfOthers());
  $("place-product-none").addEventListener("click", () => drawing.setProduct(null));
}

export function show(shown) {
  drawing = shown;
}

async function choose() {
  const product = await chooseProduct({ title: t("editor.what-belongs"), products: drawing.products });
  if (product) drawing.setProduct(product);
}

export function refresh(isGrid) {
  const chosen = drawing.chosen;
  $("editor-form").hidden = isGrid || chosen.length === 0;
  $("editor-help").hidden = isGrid || chosen.length > 0;
  if (chosen.length > 0) showFields(chosen);
  else setText($("editor-help-text"), helpText());
  setText($("editor-help-title"), t(drawing.places.length ? "editor.places" : "editor.first"));
  $("editor-export-slots").hidden = $("editor-export-planogram").hidden = drawing.places.length === 0;
}

function helpText() {
  const { places } = drawing;
  if (places.length === 0) return t("editor.first-text");
  const without = places.filter(place => !place.label).length;
  return t(without ? "editor.help-without" : "editor.help-all", { places: t("places", { count: places.length }), count: without });
}

function showFields(chosen) {
  const [first] = chosen;
  const isOne = chosen.length === 1;
  setText($("editor-form-title"), isOne ? t("place.named", first) : t("places", { count: chosen.length }));
  $("field-slot").hidden = !isOne;
  setField($("place-slot"), isOne ? first.slot : "");
  const same = key => chosen.every(place => place[key] === first[key]);
  setField($("place-shelf"), same("shelf") ? first.shelf ?? "" : "");
  const problem = isOne ? problemOfName(first.slot, drawing.places) : "";
  $("place-slot-hint").hidden = !problem;
  setText($("place-slot-hint"), problem);
  $("place-slot").setAttribute("aria-invalid", String(Boolean(problem)));
  const product = drawing.products.find(each => each.label === first.label) ?? first;
  setText($("place-product"), same("label") ? first.label ? productName(product) : t("editor.choose") : t("editor.different"));
  $("place-product").dataset.chosen = same("label") && first.label ? "yes" : "no";
  $("place-product-none").hidden = chosen.every(place => !place.label);
  const others = drawing.places.filter(place => !place.label).length;
  $("place-product-all").hidden = !(same("label") && first.label && others > 0);
  setText($("place-product-all"), t("editor.same-others", { count: others }));
}

// A field that is being written in is left alone.
function setField(field, value) {
  const text = String(value);
  if (field.value.trim() !== text) field.value = text;
}

// Shows what the device said. Each problem that names places leads to them. Returns the names of these places.
export function showProblems(problems) {
  const named = new Set();
  $("editor-problems").hidden = problems.length === 0;
  $("editor-problem-list").replaceChildren(...problems.map(problem => {
    const places = drawing.places.filter(place => names(problem, place.slot));
    for (const place of places) named.add(place.slot);
    const text = sentence(problem);
    return element("li", {}, places.length ? element("button", { type: "button", textContent: text, onclick: () => select(places.map(place => place.id)) }) : element("span", { textContent: text }));
  }));
  if (problems.length) $("editor-problems").scrollIntoView({ block: "nearest" });
  return named;
}

// Whether the text names the place: `1-01` is not named by `11-01`.
function names(text, slot) {
  if (!slot) return false;
  const literal = slot.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w-]|\\w\\.)${literal}(?![\\w-]|\\.\\w)`).test(text);
}

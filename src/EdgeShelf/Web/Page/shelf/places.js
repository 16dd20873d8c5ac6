// The places, drawn over the latest picture, and the legend that counts them.
import { $, element, icon, keepElements } from "../dom.js";
import { since } from "../format.js";
import { makeViewer } from "../viewer.js";
import { onBay } from "./bay.js";
import { expectedName, inWalkingOrder, placeOf, shownOf, SHOWN, tagOf, wordOf } from "./verdicts.js";
import { t } from "../texts.js";

const REACH = 24;           // a finger that misses a place by at most so many pixels means it

let slots = [];
let opened = () => {};      // called with the name of the place that was pressed
let viewer;

// `listener(name)` is called when a place is pressed.
export function onPlace(listener) {
  opened = listener;
}

export const placesShown = () => slots;

export function start() {
  viewer = makeViewer({ scroller: $("picture"), stage: $("stage"), image: $("frame"), buttons: $("zoom"), maxHeight: () => innerHeight * 0.8 });
  onBay(show);
  const places = $("places");
  places.addEventListener("click", press);
  places.addEventListener("keydown", walk);
  places.addEventListener("focusin", event => { leadTabTo(event.target); showTip(event.target); });
  places.addEventListener("focusout", hideTip);
  places.addEventListener("pointerover", event => { if (event.pointerType === "mouse" && event.target.dataset.key) showTip(event.target); });
  places.addEventListener("pointerleave", hideTip);
}

function show(bay) {
  slots = inWalkingOrder(bay.slots);
  const hasSlots = slots.length > 0;
  document.body.dataset.slots = hasSlots ? "yes" : "no";
  $("legend").hidden = $("zoom").hidden = $("places").hidden = !hasSlots;
  $("edit").hidden = !hasSlots;
  $("places").dataset.view = bay.view;
  keepElements($("places"), slots, slot => slot.slot, makePlace, updatePlace);
  const places = [...$("places").children];
  if (places.length && !places.some(place => place.tabIndex === 0)) places[0].tabIndex = 0;
  showLegend();
  viewer.layOut();
}

function makePlace() {
  return element("button", { type: "button", className: "place", tabIndex: -1 }, element("span", { className: "sign" }), element("span", { className: "word" }));
}

function updatePlace(place, slot) {
  const shown = shownOf(slot);
  const { x, y, width, height } = slot.region;
  Object.assign(place.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
  if (place.dataset.verdict !== shown) {
    place.dataset.verdict = shown;
    place.firstElementChild.replaceChildren(icon(shown));
    place.lastElementChild.textContent = wordOf(shown);
  }
  const product = expectedName(slot);
  const label = t(product ? "place.label-product" : "place.label", { place: placeOf(slot), word: wordOf(shown), product, time: since(slot.covered_since ?? slot.since) });
  if (place.ariaLabel !== label) place.ariaLabel = label;
}

function showLegend() {
  const counts = new Map(SHOWN.map(shown => [shown, 0]));
  for (const slot of slots) counts.set(shownOf(slot), (counts.get(shownOf(slot)) ?? 0) + 1);
  const rows = [...counts].filter(([, count]) => count > 0);
  const key = JSON.stringify(rows);
  if ($("legend").dataset.key === key) return;
  $("legend").dataset.key = key;
  $("legend").replaceChildren(...rows.map(([shown, count]) => element("li", {}, tagOf(shown), ` ${count}`)));
}

// A press beside a place means the nearest one: on a phone a facing is narrower than a thumb.
function press(event) {
  const place = event.target.closest(".place") ?? nearest(event.clientX, event.clientY);
  if (!place) return;
  leadTabTo(place);
  hideTip();
  opened(place.dataset.key);
}

function nearest(x, y) {
  const found = [...$("places").children].map(place => {
    const box = place.getBoundingClientRect();
    return { place, away: Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) };
  }).sort((a, b) => a.away - b.away)[0];
  return found && found.away <= REACH ? found.place : null;
}

// One of the places is reached by Tab; the arrow keys go from there to the next one in their direction.
function walk(event) {
  const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const places = [...$("places").children];
  const here = document.activeElement;
  let next;
  if (event.key === "Home") next = places[0];
  else if (event.key === "End") next = places.at(-1);
  else if (directions[event.key]) next = nextIn(directions[event.key], here, places);
  else return;
  event.preventDefault();
  next?.focus();
}

function nextIn([dx, dy], here, places) {
  const centre = place => ({ x: place.offsetLeft + place.offsetWidth / 2, y: place.offsetTop + place.offsetHeight / 2 });
  const from = centre(here);
  return places.map(place => {
    const to = centre(place);
    const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    return { place, along, cost: along + aside * 3 };
  }).filter(({ along }) => along > 1).sort((a, b) => a.cost - b.cost)[0]?.place;
}

function leadTabTo(place) {
  for (const each of $("places").children) each.tabIndex = each === place ? 0 : -1;
}

function showTip(place) {
  const slot = slots.find(each => each.slot === place.dataset.key);
  if (!slot) return;
  const tip = $("place-tip");
  tip.replaceChildren(tagOf(shownOf(slot)), element("strong", { textContent: expectedName(slot) || slot.slot }), element("span", { textContent: placeOf(slot) }));
  tip.hidden = false;
  const { x, y, width, height } = slot.region;
  const stage = $("stage");
  const left = Math.max(4, Math.min(stage.clientWidth - tip.offsetWidth - 4, (x + width / 2) * stage.clientWidth - tip.offsetWidth / 2));
  const above = y * stage.clientHeight - tip.offsetHeight - 8;
  Object.assign(tip.style, { left: `${left}px`, top: `${above > 4 ? above : (y + height) * stage.clientHeight + 8}px` });
}

function hideTip() {
  $("place-tip").hidden = true;
}

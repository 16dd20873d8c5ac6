// What a person can do now: the places whose product is missing, in the order in which one walks along the shelf.
import { request } from "../api.js";
import { deviceTime } from "../device.js";
import { $, element, keepElements, setText } from "../dom.js";
import { plural, since } from "../format.js";
import { nameOfLabel, onBay } from "./bay.js";
import { openSlot } from "./slot.js";
import { expectedName, inWalkingOrder, isHidden, isMissing, placeOf, shownOf, tagOf } from "./verdicts.js";

const FIRST = 6;            // so many are shown at first where the picture comes after the list

let bay;
let isWhole = false;
let examples = new Map();   // the id of the newest example of each label
let examplesFor = "";       // the labels that were asked for

export function start() {
  onBay(next => { bay = next; show(); });
  $("todo-more").addEventListener("click", () => { isWhole = !isWhole; show(); });
}

// How many places there are to see to.
export const todoOf = ({ slots }) => inWalkingOrder(slots).filter(slot => isMissing(slot) || isHidden(slot, deviceTime()));

function show() {
  const todo = todoOf(bay);
  const isJudged = bay.judged > 0;
  $("todo").hidden = !isJudged;
  if (!isJudged) return;
  setText($("todo-count"), todo.length ? `${todo.length}` : "");
  $("todo").dataset.done = todo.length ? "no" : "yes";
  const isLong = todo.length > FIRST + 1;
  $("todo-more").hidden = !isLong;
  $("todo-more").ariaExpanded = String(isWhole);
  setText($("todo-more"), isWhole ? "Show fewer" : `Show all ${todo.length}`);
  showRows(isLong && !isWhole ? todo.slice(0, FIRST) : todo);
  learnExamples(todo);
}

function showRows(rows) {
  const list = $("todo-list");
  if (rows.length === 0) {
    list.replaceChildren(element("li", { className: "blank" }, ...doneText()));
    return;
  }
  keepElements(list, rows, slot => slot.slot, makeRow, updateRow);
}

// Nothing is missing of what can be judged. What cannot is named with the reason, because nobody knows of it.
function doneText() {
  const expected = inWalkingOrder(bay.slots).filter(slot => slot.expected);
  const covered = expected.filter(slot => shownOf(slot) === "covered");
  const unchecked = expected.filter(slot => slot.verdict === "unchecked");
  if (covered.length === 0 && unchecked.length === 0) return ["Everything is in its place."];
  const names = slots => slots.length > FIRST ? plural(slots.length, "place") : slots.map(placeOf).join("; ");
  const untaught = unchecked.filter(slot => slot.examples === 0);
  const unseen = unchecked.filter(slot => slot.examples > 0);
  return [
    "Everything that can be judged is in its place.",
    ...[[covered, "something is in the way"], [untaught, "the product is not taught yet"], [unseen, "it was not seen clearly yet"]]
      .filter(([slots]) => slots.length > 0).map(([slots, why]) => element("small", { textContent: `Left out: ${names(slots)}, because ${why}.` })),
  ];
}

function makeRow(slot) {
  return element("li", {}, element("button", { type: "button", onclick: () => openSlot(slot.slot) },
    element("img", { alt: "", width: 48, height: 60 }), element("span", { className: "what" })));
}

function updateRow(row, slot) {
  const hidden = !isMissing(slot);
  const instead = slot.verdict === "mismatch" && slot.seen ? `There now: ${nameOfLabel(slot.seen)}` : slot.verdict === "unknown" ? "Open it and say what is there" : "";
  const text = hidden ? "Nobody could see this place for long" : instead;
  const where = `${placeOf(slot)} · since ${since(hidden ? slot.covered_since : slot.since)}`;
  const key = [expectedName(slot), text, where, slot.verdict, hidden].join("|");
  const [picture, what] = row.firstElementChild.children;
  const source = pictureOf(slot);
  if (picture.getAttribute("src") !== source) picture.src = source;
  if (row.dataset.shown === key) return;
  row.dataset.shown = key;
  what.replaceChildren(element("strong", { textContent: expectedName(slot) }), element("small", { textContent: where }),
    element("span", { className: "state" }, tagOf(hidden ? "covered" : slot.verdict), ...(text ? [element("small", { textContent: text })] : [])));
}

// What to bring, if there is a picture of it; else the place.
function pictureOf(slot) {
  const example = examples.get(slot.expected.label);
  if (example) return `/api/examples/${encodeURIComponent(example)}/crop.jpg`;
  return `/api/shelf/slots/${encodeURIComponent(slot.slot)}/crop.jpg?at=${encodeURIComponent(slot.since)}`;
}

// Asks for the examples when the list has a product whose examples were not asked for, or whose number of examples changed.
async function learnExamples(todo) {
  const wanted = JSON.stringify([...new Set(todo.map(slot => `${slot.expected.label} ${slot.examples}`))].sort());
  if (wanted === examplesFor || todo.length === 0) return;
  examplesFor = wanted;
  const answer = await request("/api/examples");
  if (!answer.ok) return;
  examples = new Map(answer.data.examples.map(({ label, id }) => [label, id]));
  show();
}

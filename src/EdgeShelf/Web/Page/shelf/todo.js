// What a person can do now: the places whose product is missing, in the order in which one walks along the shelf.
import { request } from "../api.js";
import { deviceTime } from "../device.js";
import { $, element, keepElements, setText } from "../dom.js";
import { shortName, since } from "../format.js";
import { nameOfLabel, onBay } from "./bay.js";
import { openSlot } from "./slot.js";
import { expectedName, inWalkingOrder, isHidden, isMissing, placeOf, shownOf, tagOf } from "./verdicts.js";
import { t } from "../texts.js";

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
  setText($("todo-more"), isWhole ? t("todo.fewer") : t("todo.all", { count: todo.length }));
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
  if (covered.length === 0 && unchecked.length === 0) return [t("todo.done")];
  const names = slots => slots.length > FIRST ? t("places", { count: slots.length }) : slots.map(placeOf).join("; ");
  const untaught = unchecked.filter(slot => slot.examples === 0);
  const unseen = unchecked.filter(slot => slot.examples > 0);
  return [
    t("todo.done-judged"),
    ...[[covered, "covered"], [untaught, "untaught"], [unseen, "unseen"]]
      .filter(([slots]) => slots.length > 0).map(([slots, why]) => element("small", { textContent: t("todo.left-out", { where: names(slots), why: t(`todo.why.${why}`) }) })),
  ];
}

function makeRow(slot) {
  return element("li", {}, element("button", { type: "button", onclick: () => openSlot(slot.slot) },
    element("img", { alt: "", width: 48, height: 60 }), element("span", { className: "what" })));
}

function updateRow(row, slot) {
  const hidden = !isMissing(slot);
  const instead = slot.verdict === "mismatch" && slot.seen ? t("todo.now-there", { product: nameOfLabel(slot.seen) }) : slot.verdict === "unknown" ? t("todo.open") : "";
  const text = hidden ? t("todo.hidden") : instead;
  const where = t("todo.since", { place: placeOf(slot), time: since(hidden ? slot.covered_since : slot.since) });
  const key = [expectedName(slot), text, where, slot.verdict, hidden].join("|");
  const [picture, what] = row.firstElementChild.children;
  const source = pictureOf(slot);
  if (picture.getAttribute("src") !== source) picture.src = source;
  if (row.dataset.shown === key) return;
  row.dataset.shown = key;
  what.replaceChildren(element("strong", { textContent: shortName(expectedName(slot)) }), element("small", { textContent: where }),
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

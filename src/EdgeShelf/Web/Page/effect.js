// Words for what a teaching would change, and for what was left out of it and what to do about that.
import { element } from "./dom.js";
import { plural } from "./format.js";
import { nameOfLabel, slotOf } from "./shelf/bay.js";
import { placeOf, wordOf } from "./shelf/verdicts.js";

const MANY = 6;             // so many places are named one by one

const nameOfPlace = slot => slotOf(slot) ? placeOf(slotOf(slot)) : `Place ${slot}`;

// Says which places would change: paragraphs for a question, or none. `changes` are those of the device's answer.
export function changesOf(changes, begin) {
  if (changes.length === 0) return [];
  const named = changes.slice(0, changes.length > MANY ? MANY - 1 : MANY);
  return [
    `${begin} ${plural(changes.length, "other place")}:`,
    element("ul", { className: "list" }, ...named.map(change => element("li", { textContent: `${nameOfPlace(change.slot)}: ${turnOf(change)}` })),
      ...(named.length < changes.length ? [element("li", { textContent: `and ${changes.length - named.length} more` })] : [])),
  ];
}

function turnOf({ from, to, seen_before: before, seen_after: after }) {
  if (from !== to) return `from ${wordOf(from)} to ${wordOf(to)}${to === "mismatch" && after ? ` (${nameOfLabel(after)})` : ""}`;
  return `${wordOf(to)}, and taken for ${after ? nameOfLabel(after) : "nothing known"} instead of ${before ? nameOfLabel(before) : "nothing known"}`;
}

// What is wrong with a place that was not taught, and what to do. An empty text says that nothing is to be done.
const WHY = {
  moving: ["something moves there", "Step aside, wait for the next picture, and try again."],
  "out-of-picture": ["the picture does not show all of it", "Turn the camera, or move the place under “Edit places”."],
  "nothing-expected": ["no product is set", "Choose one under “Edit places”."],
  "no-slot": ["it was deleted meanwhile", ""],
  blank: ["the picture of it is too dark or of one colour", "Put light on the shelf, or draw the place closer around the product."],
  broken: ["its picture cannot be read", "Try again with the next picture."],
  "other-label": ["it was taught as something else before", "Open the place and say what is there."],
};

// What was left out, in sentences. What is known already is nothing to do, and is said only when there is nothing else.
export function leftOut(notAdded) {
  const sentences = Object.entries(WHY).flatMap(([code, [why, what]]) => {
    const slots = notAdded.filter(each => each.code === code).map(each => each.slot);
    if (slots.length === 0) return [];
    const where = slots.length > MANY ? plural(slots.length, "place") : slots.map(nameOfPlace).join("; ");
    return [`Left out: ${where}, because ${why}.`, ...(what ? [what] : [])];
  });
  const known = notAdded.filter(each => each.code === "known").length;
  if (sentences.length === 0 && known > 0) return known === 1 ? "This look is known already, so nothing was added." : `${known} looks are known already, so nothing was added for them.`;
  return sentences.join(" ");
}

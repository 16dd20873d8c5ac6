// How verdicts are shown: each has a sign and a word, and its colour is only the third way to tell it.
import { element, icon } from "../dom.js";
import { productName } from "../format.js";
import { t } from "../texts.js";

// A place that is covered for longer is something to see to.
const COVERED_LONG_MS = 600_000;

// In the order of the legend: what needs a person stands first.
export const SHOWN = ["empty", "mismatch", "unknown", "covered", "match", "unchecked"];

export const wordOf = shown => SHOWN.includes(shown) ? t(`verdict.${shown}`) : shown;

// What is shown of a slot: a place that is covered keeps its old verdict, but nobody can see it.
export const shownOf = slot => slot.covered_since && slot.verdict !== "unchecked" ? "covered" : slot.verdict;

// Whether the expected product is known not to be there.
export const isMissing = slot => Boolean(slot.expected) && ["empty", "mismatch", "unknown"].includes(slot.verdict);

// Whether nothing could be seen of the place for long. `now` is the device's time in milliseconds.
export const isHidden = (slot, now) => Boolean(slot.expected) && Boolean(slot.covered_since) && now - Date.parse(slot.covered_since) > COVERED_LONG_MS;

// Where the slot is, for a person in front of the shelf.
export function placeOf(slot) {
  if (slot.shelf && slot.position) return t("place.numbered", slot);
  return t(slot.shelf ? "place.on-shelf" : "place.named", slot);
}

// From the top shelf to the lowest and from left to right, as one walks along the shelf. Places without numbers follow by their position in the picture.
export function inWalkingOrder(slots) {
  return [...slots].sort((a, b) => (a.shelf ?? 1000) - (b.shelf ?? 1000) || (a.position ?? 1000) - (b.position ?? 1000) || (a.region?.x ?? 0) - (b.region?.x ?? 0));
}

export const expectedName = slot => slot.expected ? productName(slot.expected) : "";

// The word with its sign.
export const tagOf = shown => element("span", { className: "tag", data: { verdict: shown } }, icon(shown), wordOf(shown));

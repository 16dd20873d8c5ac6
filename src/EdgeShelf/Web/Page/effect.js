// Words for what a teaching would change, and for what was left out of it and what to do about that.
import { element } from "./dom.js";
import { nameOfLabel, slotOf } from "./shelf/bay.js";
import { placeOf, wordOf } from "./shelf/verdicts.js";
import { t } from "./texts.js";

const MANY = 6;             // so many places are named one by one

const nameOfPlace = slot => placeOf(slotOf(slot) ?? { slot });

// Says which places would change: paragraphs for a question, or none. `changes` are those of the device's answer, `begin` is the key of the text before them.
export function changesOf(changes, begin) {
  if (changes.length === 0) return [];
  const named = changes.slice(0, changes.length > MANY ? MANY - 1 : MANY);
  return [
    t(begin, { count: changes.length }),
    element("ul", { className: "list" }, ...named.map(change => element("li", { textContent: turnOf(change) })),
      ...(named.length < changes.length ? [element("li", { textContent: t("effect.more", { count: changes.length - named.length }) })] : [])),
  ];
}

function turnOf({ slot, from, to, seen_before: before, seen_after: after }) {
  const place = nameOfPlace(slot);
  const name = label => label ? nameOfLabel(label) : t("effect.nothing-known");
  if (from === to) return t("effect.taken-for", { place, word: wordOf(to), before: name(before), after: name(after) });
  const product = to === "mismatch" && after ? nameOfLabel(after) : "";
  return t(product ? "effect.from-to-product" : "effect.from-to", { place, from: wordOf(from), to: wordOf(to), product });
}

// Why a place was not taught, in the order in which it is told. Each has a text that says what to do, if anything is to be done.
const WHY = ["moving", "out-of-picture", "nothing-expected", "no-slot", "blank", "broken", "other-label"];

// What was left out, in sentences. What is known already is nothing to do, and is said only when there is nothing else.
export function leftOut(notAdded) {
  const sentences = WHY.flatMap(code => {
    const slots = notAdded.filter(each => each.code === code).map(each => each.slot);
    if (slots.length === 0) return [];
    return [t(`effect.left.${code}`, { where: slots.length > MANY ? t("places", { count: slots.length }) : slots.map(nameOfPlace).join("; ") })];
  });
  const known = notAdded.filter(each => each.code === "known").length;
  if (sentences.length === 0 && known > 0) return t("effect.known", { count: known });
  return sentences.join(" ");
}

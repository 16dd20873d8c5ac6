// The answer of the network for one picture: its guesses, and whether a person should check it.
import { $, element } from "./dom.js";
import { percent } from "./format.js";
import { nameOfLabel } from "./shelf/bay.js";
import { hasText, t } from "./texts.js";

const UNUSABLE = "unusable-image";

const reasonOf = result => result.slots.find(slot => slot.review_reason)?.review_reason;

// Whether the picture was judged place by place, and not as one.
export const hasPlaces = result => result.slots.some(slot => slot.verdict);

// Whether the picture is too dark, blank or blurred. Its guesses mean nothing then, and are shown nowhere.
export const isUnusable = result => reasonOf(result) === UNUSABLE;

// The most likely label and its confidence, of a picture that was judged as one; or null if there is none.
export const bestOf = result => isUnusable(result) || hasPlaces(result) ? null : result.slots[0]?.top[0] ?? null;

// The result in a few words: the product, or how many places have theirs.
export function headlineOf(result) {
  if (isUnusable(result)) return t("answer.unusable");
  const best = bestOf(result);
  if (best) return nameOfLabel(best.label);
  const expected = result.slots.filter(slot => slot.expected);
  const right = expected.filter(slot => slot.verdict === "match").length;
  return expected.length ? t("answer.places-right", { right, count: expected.length }) : t("places", { count: result.slots.length });
}

// The title, and the reason when there is one.
export function verdictOf(result) {
  if (isUnusable(result)) return { title: t("answer.unusable"), why: t("answer.unusable-why") };
  if (!result.needs_review) return { title: t("answer.recognized"), why: "" };
  const why = `answer.why.${reasonOf(result)}`;
  return { title: t("answer.check"), why: hasText(why) ? t(why) : "" };
}

// Fills the list with the guesses, each with its bar. A picture that was judged place by place has none, and one that cannot be used neither.
export function showGuesses(list, result) {
  list.replaceChildren(...(bestOf(result) ? result.slots[0].top : []).map(guess => {
    const item = $("guess-template").content.firstElementChild.cloneNode(true);
    item.querySelector(".guess-name").textContent = nameOfLabel(guess.label);
    item.querySelector(".guess-share").textContent = percent(guess.confidence);
    item.querySelector(".bar span").style.width = `${Math.max(0, Math.min(1, guess.confidence)) * 100}%`;
    return item;
  }));
}

// The tag of a picture to check, in the given kind of element: an array of one, or empty when no check is needed.
export function reviewTag(tag, result) {
  if (!result.needs_review) return [];
  const short = `reason.${reasonOf(result)}`;
  return [element(tag, { className: "tag", data: { level: "warning" }, textContent: t(hasText(short) ? short : "answer.check") })];
}

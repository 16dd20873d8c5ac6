// The answer of the network for one picture: its guesses, and whether a person should check it.
import { $, element } from "./dom.js";
import { nameOf, percent, plural } from "./format.js";

// The review reasons of the device: the title, the explanation and the short form.
const REASONS = {
  "low-confidence": { title: "Please check", why: "The network is not sure what this is.", short: "not sure" },
  "unknown-product": { title: "Please check", why: "It looks like none of the products that the network was taught.", short: "unknown" },
  "close-call": { title: "Please check", why: "Two products are about equally likely.", short: "close call" },
  "unusable-image": { title: "Picture cannot be used", why: "It is too dark, blank or blurred. Check the light and the lens.", short: "bad picture" },
};

// Whether the picture was judged place by place, and not as one.
export const hasPlaces = result => result.slots.some(slot => slot.verdict);

// The most likely label and its confidence, of a picture that was judged as one.
export const bestOf = result => result.slots[0]?.top[0] ?? { label: "", confidence: 0 };

// The result in a few words: the product, or how many places have theirs.
export function headlineOf(result) {
  if (!hasPlaces(result)) return nameOf(bestOf(result).label);
  const expected = result.slots.filter(slot => slot.expected);
  const right = expected.filter(slot => slot.verdict === "match").length;
  return expected.length ? `${right} of ${plural(expected.length, "place")}` : plural(result.slots.length, "place");
}

const reasonOf = result => result.slots.find(slot => slot.review_reason)?.review_reason;

// The title, and the reason when there is one.
export function verdictOf(result) {
  if (!result.needs_review) return { title: "Recognized", why: "" };
  const reason = reasonOf(result);
  return REASONS[reason] ?? { title: "Please check", why: reason ?? "" };
}

// Fills the list with the guesses, each with its bar. A picture that was judged place by place has none.
export function showGuesses(list, result) {
  list.replaceChildren(...(hasPlaces(result) ? [] : result.slots[0]?.top ?? []).map(guess => {
    const item = $("guess-template").content.firstElementChild.cloneNode(true);
    item.querySelector(".guess-name").textContent = nameOf(guess.label);
    item.querySelector(".guess-share").textContent = percent(guess.confidence);
    item.querySelector(".bar span").style.width = `${Math.max(0, Math.min(1, guess.confidence)) * 100}%`;
    return item;
  }));
}

// The tag of a picture to check, in the given kind of element: an array of one, or empty when no check is needed.
export function reviewTag(tag, result) {
  if (!result.needs_review) return [];
  return [element(tag, { className: "tag", data: { level: "warning" }, textContent: REASONS[reasonOf(result)]?.short ?? "check" })];
}

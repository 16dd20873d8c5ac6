// The answer of the network for one picture: its guesses, and whether a person should check it.
import { $, element } from "./dom.js";
import { nameOf, percent } from "./format.js";

// The review reasons of the device: the title, the explanation and the short form.
const REASONS = {
  "low-confidence": { title: "Please check", why: "The network is not sure what this is.", short: "not sure" },
  "unknown-product": { title: "Please check", why: "It looks like none of the products that the network was taught.", short: "unknown" },
  "close-call": { title: "Please check", why: "Two products are about equally likely.", short: "close call" },
  "unusable-image": { title: "Picture cannot be used", why: "It is too dark, blank or blurred. Check the light and the lens.", short: "bad picture" },
};

// The most likely label and its confidence.
export const bestOf = result => result.slots[0].top[0];

// The title, and the reason when there is one.
export function verdictOf(result) {
  if (!result.needs_review) return { title: "Recognized", why: "" };
  const reason = result.slots[0].review_reason;
  return REASONS[reason] ?? { title: "Please check", why: reason ?? "" };
}

// Fills the list with the guesses, each with its bar.
export function showGuesses(list, result) {
  list.replaceChildren(...result.slots[0].top.map(guess => {
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
  return [element(tag, { className: "tag", textContent: REASONS[result.slots[0].review_reason]?.short ?? "check" })];
}

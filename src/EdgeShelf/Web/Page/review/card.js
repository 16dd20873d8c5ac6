// One question of the device, as a card: what it saw, what it says, and the likely answers.
import { $, element, icon, setText } from "../dom.js";
import { percent, productName, shortName, since } from "../format.js";
import { placeOf } from "../shelf/verdicts.js";
import { slotOf } from "../shelf/bay.js";
import { t } from "../texts.js";

// The reasons of the device, with their signs and colours.
const REASONS = {
  "changed": { sign: "mismatch", verdict: "mismatch" },
  "unknown-product": { sign: "unknown", verdict: "unknown" },
  "close-call": { sign: "mismatch", verdict: "mismatch" },
  "low-confidence": { sign: "unknown", verdict: "mismatch" },
};

export const reasonWord = reason => REASONS[reason] ? t(`reason.${reason}`) : reason;

export const WHOLE = "shelf";

export const placeName = slot => slot === WHOLE ? t("review.whole") : placeOf(slotOf(slot) ?? { slot });

// What the device says, in words.
export const saysName = entry => entry.says ? nameOf(entry.says) : t("review.nothing-known");

export const nameOf = product => product.label === "empty" ? t("empty-place") : productName(product);

// `act(action, entry)` is called with "confirm", "expected", "other" or "nothing".
export function makeCard(entry, act) {
  const picture = element("img", { src: `/api/review/${entry.id}/crop.jpg`, alt: "", loading: "lazy", draggable: false });
  const pick = element("button", { type: "button", className: "review-pick", attributes: { role: "checkbox", "aria-checked": "false" } }, picture, element("span", { className: "review-check" }, icon("match")));
  const text = element("div", { className: "review-text" },
    element("p", { className: "review-says" }, element("strong"), element("span")),
    element("p", { className: "review-expected muted small" }),
    element("p", { className: "review-where muted small" }));
  const answers = element("div", { className: "review-answers" }, ...buttonsOf(entry, act));
  return element("li", { className: "review-card" }, pick, text, answers);
}

function buttonsOf(entry, act) {
  const button = (action, key, product = null, kind = "") => element("button", { type: "button", className: kind, title: product ? nameOf(product) : "", onclick: () => act(action, entry) },
    t(key, { product: product ? shortName(nameOf(product)) : "" }));
  const likely = entry.says ? button("confirm", "review.yes", entry.says, "primary") : entry.expected ? button("expected", "review.it-is", entry.expected, "primary") : null;
  // Where it says something else than what belongs there, what belongs there is the second guess.
  const second = entry.says && entry.expected && entry.expected.label !== entry.says.label ? [button("expected", "review.no", entry.expected)] : [];
  const other = likely ? button("other", "review.other", null, "quiet") : button("other", "review.say", null, "primary");
  return [...(likely ? [likely] : [other]), ...second, element("div", { className: "review-others" }, ...(likely ? [other] : []), button("nothing", "review.not-product", null, "quiet"))];
}

export function updateCard(card, entry) {
  const { verdict = "unchecked", sign = "unchecked" } = REASONS[entry.reason] ?? {};
  const word = reasonWord(entry.reason);
  const says = saysName(entry);
  const share = entry.confidence === null ? "" : percent(entry.confidence);
  const where = `${placeName(entry.slot)} · ${since(entry.at)}${entry.seen > 1 ? ` · ${t("review.pictures", { count: entry.seen })}` : ""}`;
  const expected = entry.expected && entry.expected.label !== entry.says?.label ? t("review.belongs", { product: nameOf(entry.expected) }) : "";
  card.querySelector(".review-pick").setAttribute("aria-label", `${placeName(entry.slot)}, ${word}: ${says}${share && `, ${share}`}${expected && `. ${expected}`}. ${since(entry.at)}`);
  if (!card.querySelector(".tag")) card.querySelector(".review-pick").append(element("span", { className: "tag", data: { verdict } }, icon(sign), word));
  setText(card.querySelector(".review-says strong"), shortName(says));
  setText(card.querySelector(".review-says span"), share);
  setText(card.querySelector(".review-expected"), expected);
  card.querySelector(".review-expected").hidden = !expected;
  setText(card.querySelector(".review-where"), where);
}

// Fills a list of choices, of which the first is "all". What was chosen stays chosen if it is there still.
export function fillChoices(id, all, choices) {
  const select = $(id);
  const key = JSON.stringify(choices);
  if (select.dataset.key === key) return;
  const chosen = select.value;
  select.dataset.key = key;
  select.replaceChildren(new Option(all, ""), ...choices.map(([value, text]) => new Option(text, value)));
  select.value = choices.some(([value]) => value === chosen) ? chosen : "";
}

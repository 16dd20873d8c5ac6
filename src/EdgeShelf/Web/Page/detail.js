// One result in full, in a dialog: its picture, which can be enlarged, and the ways to the one before and after it.
import { hasPlaces, headlineOf, showGuesses, verdictOf } from "./answer.js";
import { $, fillFacts, setText } from "./dom.js";
import { nameOfLabel } from "./shelf/bay.js";
import { wordOf } from "./shelf/verdicts.js";
import { locale, t } from "./texts.js";
import { makeViewer } from "./viewer.js";

let entries = [];           // oldest first: { result, source }
let at = 0;
let viewer;

export function start() {
  const dialog = $("detail");
  viewer = makeViewer({ scroller: $("detail-scroller"), stage: $("detail-stage"), image: $("detail-picture"), buttons: $("detail-zoom"), maxHeight: () => innerHeight * 0.55 });
  $("detail-close").addEventListener("click", () => dialog.close());
  $("detail-earlier").addEventListener("click", () => go(-1));
  $("detail-later").addEventListener("click", () => go(1));
  dialog.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    // In an enlarged picture the arrows move the picture.
    if (!step || $("detail-scroller").contains(event.target)) return;
    event.preventDefault();
    go(step);
  });
}

// Shows the entry at the position `position` of `all`, which are those among which one can go on.
export function showDetail(all, position) {
  [entries, at] = [all, position];
  show();
  if (!$("detail").open) $("detail").showModal();
  viewer.whole();
}

function go(step) {
  if (!entries[at + step]) return;
  at += step;
  show();
  viewer.whole();
}

// The places whose product this picture did not show, as one text.
function missingOf({ slots }) {
  return slots.filter(slot => slot.expected && slot.verdict !== "match").map(({ slot, verdict, expected }) => `${slot}, ${expected.name ?? nameOfLabel(expected.label)} (${wordOf(verdict)})`).join("; ") || t("detail.none-missing");
}

function show() {
  const { result, source } = entries[at];
  const { title, why } = verdictOf(result);
  const { image, model, timings_ms: timings } = result;
  setText($("detail-title"), headlineOf(result));
  setText($("detail-time"), new Date(result.captured_at).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" }));
  $("detail-picture").src = source;
  $("detail-picture").alt = headlineOf(result);
  $("detail-earlier").disabled = at === 0;
  $("detail-later").disabled = at === entries.length - 1;
  setText($("detail-position"), t("detail.position", { at: at + 1, count: entries.length }));
  showGuesses($("detail-top"), result);
  fillFacts($("detail-facts"), [
    ...(result.needs_review ? [[t("detail.review"), [title, why].filter(Boolean).join(". ")]] : []),
    ...(hasPlaces(result) ? [[t("detail.missing"), missingOf(result)]] : []),
  ]);
  fillFacts($("detail-more"), [
    [t("detail.trigger"), result.trigger],
    [t("detail.picture"), `${image.width} × ${image.height}` + (image.name ? `, ${image.name}` : "")],
    [t("facts.model"), `${model.name} ${model.version}`],
    [t("detail.took"), result.cached ? t("latest.cached") : t("detail.timings", timings)],
    [t("detail.id"), result.id],
  ]);
}

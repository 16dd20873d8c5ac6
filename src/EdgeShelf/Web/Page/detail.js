// One result in full, in a dialog.
import { hasPlaces, headlineOf, showGuesses, verdictOf } from "./answer.js";
import { $, fillFacts } from "./dom.js";
import { wordOf } from "./shelf/verdicts.js";

export const thumbnailOf = result => `/api/results/${result.seq}/thumbnail.jpg`;

export function start() {
  $("detail-close").addEventListener("click", () => $("detail").close());
}

// The places whose product this picture did not show, as one text.
function missingOf({ slots }) {
  return slots.filter(slot => slot.expected && slot.verdict !== "match").map(({ slot, verdict }) => `${slot} (${wordOf(verdict)})`).join(", ") || "none";
}

export function showDetail(result) {
  const { title, why } = verdictOf(result);
  const { image, model, timings_ms: timings } = result;
  $("detail-title").textContent = headlineOf(result);
  $("detail-picture").src = thumbnailOf(result);
  showGuesses($("detail-top"), result);
  fillFacts($("detail-facts"), [
    ["Review", result.needs_review ? `${title}. ${why}` : "not needed"],
    ...(hasPlaces(result) ? [["Not in place", missingOf(result)]] : []),
    ["Taken", new Date(result.captured_at).toLocaleString()],
    ["Asked by", result.trigger],
    ["Picture", `${image.width} × ${image.height}` + (image.name ? `, ${image.name}` : "")],
    ["Model", `${model.name} ${model.version}`],
    ["Time", result.cached ? "known picture, not classified again" : `decode ${timings.decode}, prepare ${timings.preprocess}, network ${timings.inference} ms`],
    ["Id", result.id],
  ]);
  $("detail").showModal();
}

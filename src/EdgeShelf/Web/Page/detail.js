// One result in full, in a dialog.
import { headlineOf, showGuesses, verdictOf } from "./answer.js";
import { $, fillFacts } from "./dom.js";

export const thumbnailOf = result => `/api/results/${result.seq}/thumbnail.jpg`;

export function start() {
  $("detail-close").addEventListener("click", () => $("detail").close());
}

export function showDetail(result) {
  const { title, why } = verdictOf(result);
  const { image, model, timings_ms: timings } = result;
  $("detail-title").textContent = headlineOf(result);
  $("detail-picture").src = thumbnailOf(result);
  showGuesses($("detail-top"), result);
  fillFacts($("detail-facts"), [
    ["Review", result.needs_review ? `${title}. ${why}` : "not needed"],
    ["Taken", new Date(result.captured_at).toLocaleString()],
    ["Asked by", result.trigger],
    ["Picture", `${image.width} × ${image.height}` + (image.name ? `, ${image.name}` : "")],
    ["Model", `${model.name} ${model.version}`],
    ["Time", result.cached ? "known picture, not classified again" : `decode ${timings.decode}, prepare ${timings.preprocess}, network ${timings.inference} ms`],
    ["Id", result.id],
  ]);
  $("detail").showModal();
}

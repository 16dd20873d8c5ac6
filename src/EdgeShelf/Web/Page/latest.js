// The latest picture, its answer and its age, and the button that takes a picture now.
import { headlineOf, showGuesses, verdictOf } from "./answer.js";
import { onState, problemOf } from "./device.js";
import { $, element, setText } from "./dom.js";
import { clockTime, duration } from "./format.js";

let ageInSeconds = null;    // age of the latest result when the state was received; null when there is no result
let stateAt = 0;            // time by performance.now() when the state was received

export function start() {
  onState(showState);
  setInterval(showAge, 1000);
  $("capture").addEventListener("click", capture);
  $("frame").addEventListener("error", () => { $("frame").hidden = true; });
}

function showState(state) {
  const result = state.last_result;
  if (result) showResult(result);
  const cameraOffline = state.camera.state === "failing" && state.camera.code !== "outbox-failed";
  $("picture").dataset.state = cameraOffline ? "offline" : result ? "live" : "empty";
  $("picture-note").hidden = !cameraOffline && Boolean(result);
  setText($("picture-note"), cameraOffline ? `Camera offline since ${clockTime(state.camera.since)}` : "No picture yet. The first one comes with the timer, the button, or “Look now”.");
  ageInSeconds = state.last_result_age_s;
  stateAt = performance.now();
  showAge();
}

function showResult(result) {
  const frame = $("frame");
  const source = `/api/frame.jpg?seq=${result.seq}`;
  if (frame.getAttribute("src") !== source) frame.src = source;
  frame.hidden = false;
  frame.alt = `The shelf at ${clockTime(result.captured_at)}: ${headlineOf(result)}`;
  showVerdict(result);
  if ($("top").dataset.seq !== String(result.seq)) {
    $("top").dataset.seq = result.seq;
    showGuesses($("top"), result);
  }
  const time = result.cached ? "the same picture as before, not classified again" : `${result.timings_ms.total} ms`;
  setText($("meta"), `No. ${result.seq}, ${result.trigger}, ${clockTime(result.captured_at)}, ${result.image.width} × ${result.image.height}, ${time}`);
}

function showVerdict(result) {
  const { title, why } = verdictOf(result);
  const verdict = $("verdict");
  verdict.hidden = false;
  verdict.dataset.level = result.needs_review ? "warning" : "good";
  const text = why ? `${title} ${why}` : title;
  if (verdict.dataset.text === text) return;
  verdict.dataset.text = text;
  verdict.replaceChildren(title, ...(why ? [element("span", { textContent: why })] : []));
}

function showAge() {
  setText($("age"), ageInSeconds === null ? "" : `${duration(ageInSeconds + (performance.now() - stateAt) / 1000)} ago`);
}

async function capture() {
  const button = $("capture");
  button.disabled = true;
  note("Taking a picture…");
  try {
    const response = await fetch("/api/capture", { method: "POST" });
    if (response.ok) note("Done.");
    else note(await problemOf(response), "error");
  } catch {
    note("The device does not answer.", "error");
  } finally {
    button.disabled = false;
  }
}

function note(text, level = "") {
  $("capture-note").dataset.level = level;
  setText($("capture-note"), text);
}

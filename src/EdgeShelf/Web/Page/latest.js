// The latest picture, its answer and its age, and the button that takes a picture now.
import { bestOf, headlineOf, showGuesses, verdictOf } from "./answer.js";
import { onLost, onState, problemOf } from "./device.js";
import { $, element, setText } from "./dom.js";
import { clockTime, duration } from "./format.js";
import { onNames } from "./shelf/bay.js";
import { t } from "./texts.js";

// Troubles with which the latest answer says nothing about the shelf of now.
const OUTDATED_BY = ["camera-offline", "no-camera", "outbox-failed", "late"];

let ageInSeconds = null;    // age of the latest result when the state was received; null when there is no result
let stateAt = 0;            // time by performance.now() when the state was received
let result = null;          // the latest one
let isOld = false;          // whether it says nothing about now
let noteFor = Infinity;     // the note beside the button is about a picture up to this one

export function start() {
  onState(showState);
  onLost(() => { isOld = true; showVerdict(); });
  onNames(() => { $("top").dataset.seq = ""; showResult(); });
  setInterval(showAge, 1000);
  $("capture").addEventListener("click", capture);
  // Until here a press would be lost.
  $("capture").disabled = false;
  $("frame").addEventListener("error", () => { $("frame").hidden = true; });
}

function showState(state) {
  result = state.last_result;
  const cameraOffline = state.camera.state === "failing" && state.camera.code !== "outbox-failed";
  isOld = cameraOffline || state.troubles.some(trouble => OUTDATED_BY.includes(trouble.code));
  showResult();
  $("picture").dataset.state = cameraOffline ? "offline" : result ? "live" : "empty";
  $("picture-note").hidden = !cameraOffline && Boolean(result);
  const noCamera = state.troubles.some(trouble => trouble.code === "no-camera");
  setText($("picture-note"), cameraOffline ? t("latest.offline", { time: clockTime(state.camera.since) }) : t(noCamera ? "trouble.no-camera" : "latest.none"));
  ageInSeconds = state.last_result_age_s;
  stateAt = performance.now();
  showAge();
  // What was said about an earlier picture is over with the next one.
  if (result && result.seq > noteFor) note("");
}

function showResult() {
  $("meta-details").hidden = !result;
  if (!result) return;
  const frame = $("frame");
  const source = `/api/frame.jpg?seq=${result.seq}`;
  if (frame.getAttribute("src") !== source) frame.src = source;
  frame.hidden = false;
  frame.alt = t("latest.picture", { time: clockTime(result.captured_at), what: headlineOf(result) });
  showVerdict();
  if ($("top").dataset.seq !== String(result.seq)) {
    $("top").dataset.seq = result.seq;
    showGuesses($("top"), result);
  }
  const time = result.cached ? t("latest.cached") : `${result.timings_ms.total} ms`;
  setText($("meta"), t("latest.meta", { seq: result.seq, trigger: result.trigger, time: clockTime(result.captured_at), width: result.image.width, height: result.image.height, took: time }));
}

function showVerdict() {
  if (!result) return;
  const verdict = $("verdict");
  const { title, why } = isOld ? { title: t("latest.old", { time: clockTime(result.captured_at) }), why: bestOf(result) ? t("latest.old-why") : headlineOf(result) } : verdictOf(result);
  verdict.hidden = false;
  verdict.dataset.level = isOld ? "off" : result.needs_review ? "warning" : "good";
  $("top").dataset.old = isOld ? "yes" : "no";
  const text = `${title} ${why}`;
  if (verdict.dataset.text === text) return;
  verdict.dataset.text = text;
  verdict.replaceChildren(title, ...(why ? [element("span", { textContent: why })] : []));
}

function showAge() {
  setText($("age"), ageInSeconds === null ? "" : t("time.ago", { time: duration(ageInSeconds + (performance.now() - stateAt) / 1000) }));
}

async function capture() {
  const button = $("capture");
  button.disabled = true;
  note(t("latest.taking"));
  noteFor = Infinity;
  try {
    const response = await fetch("/api/capture", { method: "POST" });
    if (response.ok) {
      note(t("latest.done"));
      noteFor = (await response.json()).seq;
    } else {
      note(await problemOf(response), "error");
      noteFor = result?.seq ?? 0;
    }
  } catch {
    note(t("api.no-answer"), "error");
    noteFor = result?.seq ?? 0;
  } finally {
    button.disabled = false;
  }
}

function note(text, level = "") {
  $("capture-note").dataset.level = level;
  setText($("capture-note"), text);
}

// The page of one device. Everything that comes from outside goes in as text, never as HTML.
"use strict";

const $ = id => document.getElementById(id);
const LAST_SHOWN = 50;
const SILENT_AFTER_MS = 30_000;
const MAX_PICTURES = 8;
const MAX_BYTES = 10_000_000;

let state = null;
let stateAt = 0;            // performance.now() when it came: the device's clock may be wrong, this one only counts
let results = new Map();    // seq -> result, oldest first
let connected = false;

const REASONS = {
  "low-confidence": ["Please check", "The network is not sure what this is."],
  "close-call": ["Please check", "Two products are about equally likely."],
  "unusable-image": ["Picture cannot be used", "It is too dark, blank or blurred. Check the light and the lens."],
};
const SHORT_REASONS = { "low-confidence": "not sure", "close-call": "close call", "unusable-image": "bad picture" };

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "data") Object.assign(made.dataset, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

// Changes a text only when it differs, so that screen readers speak when something happened.
function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

const nameOf = label => label.replaceAll(/[-_]/g, " ");
const percent = share => share >= 0.995 && share < 1 ? "> 99 %" : `${Math.round(share * 100)} %`;

function duration(seconds) {
  if (seconds < 1.5) return "1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

function clockTime(iso) {
  const date = new Date(iso);
  const today = new Date().toDateString() === date.toDateString();
  return date.toLocaleString([], today ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

function bytes(count) {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} GB`;
  if (count >= 1e6) return `${Math.round(count / 1e6)} MB`;
  return `${Math.ceil(count / 1e3)} kB`;
}

function guesses(list, top) {
  list.replaceChildren(...top.map(guess => {
    const item = $("guess-template").content.firstElementChild.cloneNode(true);
    item.querySelector(".guess-name").textContent = nameOf(guess.label);
    item.querySelector(".guess-share").textContent = percent(guess.confidence);
    item.querySelector(".bar span").style.width = `${Math.max(0, Math.min(1, guess.confidence)) * 100}%`;
    return item;
  }));
}

function verdictOf(result) {
  const reason = result.slots[0].review_reason;
  return result.needs_review ? REASONS[reason] ?? ["Please check", reason ?? ""] : ["Recognized", ""];
}

// --- the latest picture ---------------------------------------------------------------------------------------------

function showNow() {
  const result = state.last_result;
  const cameraOffline = state.camera.state === "failing" && state.camera.code !== "outbox-failed";
  const picture = $("picture");
  const note = $("picture-note");
  const frame = $("frame");
  if (result) {
    const source = `/api/frame.jpg?seq=${result.seq}`;
    if (frame.getAttribute("src") !== source) frame.src = source;
    frame.hidden = false;
    frame.alt = `The shelf at ${clockTime(result.captured_at)}: ${nameOf(result.slots[0].top[0].label)}`;
    const [title, why] = verdictOf(result);
    const verdict = $("verdict");
    verdict.hidden = false;
    verdict.dataset.level = result.needs_review ? "warning" : "good";
    const text = title + (why ? ` ${why}` : "");
    if (verdict.dataset.text !== text) {
      verdict.dataset.text = text;
      verdict.replaceChildren(title, ...(why ? [element("span", { textContent: why })] : []));
    }
    if ($("top").dataset.seq !== String(result.seq)) {
      $("top").dataset.seq = result.seq;
      guesses($("top"), result.slots[0].top);
    }
    const time = result.cached ? "the same picture as before, not classified again" : `${result.timings_ms.total} ms`;
    setText($("meta"), `No. ${result.seq}, ${result.trigger}, ${clockTime(result.captured_at)}, ${result.image.width} × ${result.image.height}, ${time}`);
  }
  picture.dataset.state = cameraOffline ? "offline" : result ? "live" : "empty";
  note.hidden = !cameraOffline && Boolean(result);
  setText(note, cameraOffline ? `Camera offline since ${clockTime(state.camera.since)}` : "No picture yet. The first one comes with the timer, the button, or “Capture now”.");
}

function showAges() {
  if (!state) return;
  const passed = (performance.now() - stateAt) / 1000;
  const age = state.last_result_age_s === null ? null : state.last_result_age_s + passed;
  setText($("age"), age === null ? "" : `${duration(age)} ago`);
  if (connected && performance.now() - stateAt > SILENT_AFTER_MS) lostDevice();
}

// --- what needs attention, and the device ---------------------------------------------------------------------------

function showTroubles() {
  const troubles = state.troubles;
  const key = JSON.stringify(troubles);
  if ($("troubles").dataset.key !== key) {
    $("troubles").dataset.key = key;
    $("troubles").replaceChildren(...troubles.map(trouble => element("div", { className: "trouble", data: { severity: trouble.severity } },
      element("strong", { textContent: trouble.title + (trouble.code === "camera-offline" ? ` since ${clockTime(state.camera.since)}` : "") }),
      `${trouble.detail} `,
      element("span", { className: "muted", textContent: trouble.hint }))));
  }
  const worst = troubles.find(trouble => trouble.severity === "error") ?? troubles[0];
  setOverall(worst?.severity ?? (state.last_result ? "good" : "unknown"), worst?.title ?? (state.last_result ? "All is well" : "Waiting for the first picture"));
}

function setOverall(level, text) {
  $("overall").dataset.level = level;
  setText($("overall"), text);
}

function showFacts() {
  const { camera, broker, outbox, model } = state;
  const rows = [
    ["Camera", camera.state === "working" ? camera.kind : camera.state === "failing" ? `${camera.kind}, failing` : `${camera.kind}, not used yet`, camera.state === "failing" ? "error" : ""],
    ["Timer", state.interval_s ? `every ${duration(state.interval_s)}` : "off"],
    ["Broker", broker.connected ? "connected" : broker.since ? `away since ${clockTime(broker.since)}` : "not connected yet", broker.connected ? "" : "warning"],
    ["Waiting to be sent", outbox.problem ? "unknown" : outbox.waiting === 0 ? "nothing" : `${outbox.waiting} (${bytes(outbox.bytes)})`, outbox.problem ? "error" : ""],
    ...(outbox.dropped ? [["Given up", `${outbox.dropped}`, "warning"]] : []),
    ...(outbox.refused ? [["Refused by the broker", `${outbox.refused}`, "warning"]] : []),
    ["Model", `${model.name} ${model.version}`],
    ...(state.disk_free_bytes === null ? [] : [["Disk", `${bytes(state.disk_free_bytes)} of ${bytes(state.disk_total_bytes)} free`, state.troubles.some(trouble => trouble.code === "disk-full") ? "error" : ""]]),
    ...(state.temperature_c === null ? [] : [["Temperature", `${Math.round(state.temperature_c)} °C`, state.troubles.some(trouble => trouble.code === "hot") ? "warning" : ""]]),
    ["Memory", bytes(state.memory_bytes)],
    ["Pictures", `${state.captures}` + (state.failures ? `, ${state.failures} failed` : "")],
    ["Running for", duration(state.uptime_s)],
  ];
  $("facts").replaceChildren(...rows.flatMap(([name, value, level]) => [element("dt", { textContent: name }), element("dd", { textContent: value, data: level ? { level } : {} })]));
  setText($("device"), state.device);
  setText($("version"), `EdgeShelf ${state.version}`);
  document.title = `${state.device} · EdgeShelf`;
}

// --- history --------------------------------------------------------------------------------------------------------

async function loadResults() {
  const newest = [...results.keys()].at(-1) ?? 0;
  const response = await fetch(`/api/results?after=${newest}`);
  if (!response.ok) return;
  for (const result of (await response.json()).results) results.set(result.seq, result);
  while (results.size > LAST_SHOWN) results.delete(results.keys().next().value);
  showHistory();
}

function showHistory() {
  const select = $("filter-label");
  const labels = [...new Set([...results.values()].map(result => result.slots[0].top[0].label))].sort();
  if (select.dataset.key !== labels.join()) {
    const chosen = select.value;
    select.dataset.key = labels.join();
    select.replaceChildren(new Option("All", ""), ...labels.map(label => new Option(nameOf(label), label)));
    select.value = labels.includes(chosen) ? chosen : "";
  }
  const wanted = [...results.values()].reverse().filter(result =>
    (!select.value || result.slots[0].top[0].label === select.value) && (!$("filter-review").checked || result.needs_review));
  setText($("history-count"), results.size === 0 ? "Nothing yet." : wanted.length === results.size ? `${results.size} since the service started, newest first.` : `${wanted.length} of ${results.size} match.`);

  // Cards that stay keep their element: the keyboard's place is not lost when a new result comes.
  const list = $("history");
  const kept = new Map([...list.children].map(item => [item.dataset.seq, item]));
  const items = wanted.map(result => kept.get(String(result.seq)) ?? historyItem(result));
  for (const item of [...list.children]) if (!items.includes(item)) item.remove();
  items.forEach((item, position) => { if (list.children[position] !== item) list.insertBefore(item, list.children[position] ?? null); });
}

function historyItem(result) {
  const best = result.slots[0].top[0];
  const button = element("button", { type: "button", onclick: () => showDetail(result) },
    element("img", { src: thumbnail(result), alt: "", loading: "lazy", width: 150, height: 112 }),
    element("span", { className: "caption" },
      element("span", { className: "name", textContent: nameOf(best.label) }),
      element("span", { className: "line" }, element("span", { textContent: percent(best.confidence) }), element("span", { textContent: clockTime(result.captured_at) })),
      ...(result.needs_review ? [element("span", {}, element("span", { className: "tag", textContent: SHORT_REASONS[result.slots[0].review_reason] ?? "check" }))] : [])));
  return element("li", { data: { seq: result.seq } }, button);
}

const thumbnail = result => `/api/results/${result.seq}/thumbnail.jpg`;

function showDetail(result) {
  const [title, why] = verdictOf(result);
  $("detail-title").textContent = nameOf(result.slots[0].top[0].label);
  $("detail-picture").src = thumbnail(result);
  guesses($("detail-top"), result.slots[0].top);
  $("detail-facts").replaceChildren(...[
    ["Review", result.needs_review ? `${title}. ${why}` : "not needed"],
    ["Taken", new Date(result.captured_at).toLocaleString()],
    ["Asked by", result.trigger],
    ["Picture", `${result.image.width} × ${result.image.height}` + (result.image.name ? `, ${result.image.name}` : "")],
    ["Model", `${result.model.name} ${result.model.version}`],
    ["Time", result.cached ? "known picture, not classified again" : `decode ${result.timings_ms.decode}, prepare ${result.timings_ms.preprocess}, network ${result.timings_ms.inference} ms`],
    ["Id", result.id],
  ].flatMap(([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: value })]));
  $("detail").showModal();
}

// --- actions --------------------------------------------------------------------------------------------------------

async function problemOf(response) {
  if (response.status === 401) { location.href = "/login"; return "Please sign in."; }
  try {
    const problem = await response.json();
    return [problem.detail, problem.hint].filter(Boolean).join(" ") || problem.title;
  } catch {
    return `The device answered ${response.status}.`;
  }
}

async function capture() {
  const button = $("capture");
  const note = $("capture-note");
  button.disabled = true;
  note.dataset.level = "";
  setText(note, "Taking a picture…");
  try {
    const response = await fetch("/api/capture", { method: "POST" });
    if (response.ok) setText(note, "Done.");
    else { note.dataset.level = "error"; setText(note, await problemOf(response)); }
  } catch {
    note.dataset.level = "error";
    setText(note, "The device does not answer.");
  } finally {
    button.disabled = false;
  }
}

async function tryPictures(files) {
  if (files.length === 0) return;
  const target = $("tried");
  target.replaceChildren(element("p", { className: "note", textContent: files.length === 1 ? "Looking…" : `Looking at ${files.length} pictures…` }));
  if (files.length > MAX_PICTURES || files.reduce((sum, file) => sum + file.size, 0) > MAX_BYTES) {
    target.replaceChildren(element("p", { className: "note", data: { level: "error" }, textContent: `At most ${MAX_PICTURES} pictures and ${MAX_BYTES / 1e6} MB together.` }));
    return;
  }
  const form = new FormData();
  for (const file of files) form.append("image", file);
  try {
    const response = await fetch("/predict", { method: "POST", body: form });
    if (!response.ok) {
      target.replaceChildren(element("p", { className: "note", data: { level: "error" }, textContent: await problemOf(response) }));
      return;
    }
    const answer = await response.json();
    target.replaceChildren(...[answer].flat().map((result, position) => {
      const list = element("ol", { className: "top-three" });
      guesses(list, result.slots[0].top);
      const picture = element("img", { src: URL.createObjectURL(files[position]), alt: files[position].name });
      picture.onload = () => URL.revokeObjectURL(picture.src);
      const tag = result.needs_review ? [element("p", { className: "tag", textContent: SHORT_REASONS[result.slots[0].review_reason] ?? "check" })] : [];
      const time = result.cached ? "known picture" : `${result.timings_ms.total} ms`;
      return element("div", { className: "tried" }, picture, element("div", {}, list, ...tag, element("p", { className: "muted small", textContent: time })));
    }));
  } catch {
    target.replaceChildren(element("p", { className: "note", data: { level: "error" }, textContent: "The device does not answer, or the pictures are too large." }));
  }
}

// --- live -----------------------------------------------------------------------------------------------------------

function lostDevice() {
  connected = false;
  setOverall("error", "No contact to the device");
}

function listen() {
  const events = new EventSource("/api/events");
  events.addEventListener("state", event => {
    const next = JSON.parse(event.data);
    // A restarted device counts its history anew; the page keeps what it has and asks for what came.
    const isNew = next.last_result?.seq !== state?.last_result?.seq || !connected;
    state = next;
    stateAt = performance.now();
    connected = true;
    showNow();
    showTroubles();
    showFacts();
    showAges();
    if (isNew) loadResults().catch(() => {});
  });
  events.onerror = () => {
    lostDevice();
    if (events.readyState !== EventSource.CLOSED) return;
    // The browser gives up for good when the answer is an error, such as a login that ran out.
    fetch("/api/state").then(response => { if (response.status === 401) location.href = "/login"; }).catch(() => {});
    setTimeout(listen, 3000);
  };
}

$("capture").addEventListener("click", capture);
$("file").addEventListener("change", event => { tryPictures([...event.target.files]); event.target.value = ""; });
$("filter-label").addEventListener("change", showHistory);
$("filter-review").addEventListener("change", showHistory);
$("detail-close").addEventListener("click", () => $("detail").close());
$("frame").addEventListener("error", () => { $("frame").hidden = true; });
for (const name of ["dragenter", "dragover"]) $("drop").addEventListener(name, event => { event.preventDefault(); $("drop").classList.add("over"); });
for (const name of ["dragleave", "drop"]) $("drop").addEventListener(name, () => $("drop").classList.remove("over"));
$("drop").addEventListener("drop", event => { event.preventDefault(); tryPictures([...event.dataTransfer.files]); });
setInterval(showAges, 1000);
listen();

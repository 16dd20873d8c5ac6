// How well the camera sees the shelf, where that is not as it should be: moved, dark, late, or no picture yet.
import { request } from "../api.js";
import { ask } from "../ask.js";
import { deviceTime, onLost, onState } from "../device.js";
import { $, element, setText } from "../dom.js";
import { duration, since } from "../format.js";
import { notify } from "../notices.js";
import { bayNow, load, onBay } from "./bay.js";
import { t } from "../texts.js";

const LATE_LOOKS = 3;       // so many intervals without a picture are too many
const LATE_MS = 120_000;    // and at least so long

let interval = null;        // how often the timer gives a picture, in seconds; null without a timer
let lostAt = null;          // the device's time when it was last heard of, in milliseconds; null while it answers

export function start() {
  onBay(show);
  onState(state => { interval = state.interval_s && Math.max(state.interval_s, state.picture_every_s ?? 0); lostAt = null; show(); });
  onLost(() => { lostAt ??= deviceTime(); show(); });
  // A look becomes late while nothing comes from the device.
  setInterval(show, 1000);
}

function show() {
  const bay = bayNow();
  const note = bay?.slots.length ? noteOf(bay) : null;
  const section = $("view");
  section.hidden = !note;
  const key = note ? note.title + note.text : "";
  document.body.dataset.view = bay?.view ?? "none";
  showAge(bay);
  if (section.dataset.key === key) return;
  section.dataset.key = key;
  section.dataset.kind = note?.kind ?? "";
  section.replaceChildren(...(note ? [
    element("div", {}, element("strong", { textContent: note.title }), element("p", { textContent: note.text })),
    ...(note.buttons ? [element("div", { className: "actions" }, ...note.buttons.map(([label, onclick, className = ""]) => element("button", { type: "button", textContent: label, onclick, className })))] : []),
  ] : []));
}

function noteOf(bay) {
  if (lostAt !== null) return { kind: "lost", title: t("device.lost"), text: t("camera.lost-text", { time: since(new Date(lostAt).toISOString()) }) };
  switch (bay.view) {
    case "camera-moved":
      return {
        kind: "moved", title: t("camera.moved"),
        text: t("camera.moved-text", { time: since(bay.view_since) }),
        buttons: [[t("camera.take"), takeNewView, "primary"], [t("camera.keep"), keepPlaces]],
      };
    case "unusable":
      return { kind: "dark", title: t("camera.unseen"), text: t("camera.unseen-text", { time: since(bay.view_since) }) };
    case "none":
      return { kind: "none", title: t("camera.none"), text: t("camera.none-text") };
  }
  const late = lateBy(bay);
  return late === null ? null : { kind: "late", title: t("camera.late"), text: t("camera.late-text", { time: since(bay.last_look_at), every: duration(interval) }) };
}

// The age of the last look in milliseconds if it is too high, or null. Without a timer no look is due.
function lateBy(bay) {
  if (!interval || !bay.last_look_at) return null;
  const age = deviceTime() - Date.parse(bay.last_look_at);
  return age > Math.max(LATE_MS, LATE_LOOKS * interval * 1000) ? age : null;
}

// Says how old the verdicts are.
function showAge(bay) {
  if (!bay?.last_look_at) {
    setText($("looked"), "");
    return;
  }
  setText($("looked"), lostAt !== null ? t("camera.no-contact") : t("camera.looked", { time: duration((deviceTime() - Date.parse(bay.last_look_at)) / 1000) }));
}

// First asks the device what would move and what would be lost, then the person.
async function takeNewView() {
  const preview = await request("/api/slots/view", { method: "POST", json: { accept: false } });
  if (!preview.ok) {
    notify(preview.problem, { level: "error" });
    return;
  }
  const { moved, lost } = preview.data;
  const answer = await ask({
    title: t("camera.take-ask"),
    text: [
      t("camera.moves", { count: moved }),
      lost.length ? t("camera.loses", { count: lost.length, names: lost.join(", ") }) : t("camera.loses-none"),
      t("camera.stays"),
    ],
    buttons: [{ label: t("camera.take"), value: "take", kind: "primary" }, { label: t("not-now"), value: null }],
  });
  if (answer === "take") await accept({ accept: true }, ({ moved, lost }) => t(lost.length ? "camera.moved-lost" : "camera.moved-along", { count: moved, lost: lost.length }));
}

async function keepPlaces() {
  const answer = await ask({
    title: t("camera.keep-ask"),
    text: t("camera.keep-text"),
    buttons: [{ label: t("camera.keep-yes"), value: "keep", kind: "primary" }, { label: t("not-now"), value: null }],
  });
  if (answer === "keep") await accept({ accept: true, keep: true }, () => t("camera.kept"));
}

async function accept(body, tell) {
  const answer = await request("/api/slots/view", { method: "POST", json: body });
  if (!answer.ok) {
    notify(answer.problem, { level: "error" });
    return;
  }
  const { before, slots, planogram_before: revision } = answer.data;
  // The same picture taken again makes no new version, and there is nothing to undo.
  notify(tell(answer.data), before === slots.version ? {} : {
    undo: async () => {
      let back = await request("/api/slots/rollback", { method: "POST", json: { version: before } });
      if (back.ok && revision) back = await request("/api/planogram/rollback", { method: "POST", json: { revision } });
      notify(back.ok ? t("camera.undone") : back.problem, { level: back.ok ? "" : "error" });
      load();
    },
  });
  load();
}

// How well the camera sees the shelf, where that is not as it should be: moved, dark, late, or no picture yet.
import { request } from "../api.js";
import { ask } from "../ask.js";
import { deviceTime, onLost, onState } from "../device.js";
import { $, element, setText } from "../dom.js";
import { duration, plural, since } from "../format.js";
import { notify } from "../notices.js";
import { bayNow, load, onBay } from "./bay.js";

const LATE_LOOKS = 3;       // so many intervals without a picture are too many
const LATE_MS = 120_000;    // and at least so long

let interval = null;        // of the timer, in seconds; null without a timer
let lostAt = null;          // the device's time when it was last heard of, in milliseconds; null while it answers

export function start() {
  onBay(show);
  onState(state => { interval = state.interval_s; lostAt = null; show(); });
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
  if (lostAt !== null) return { kind: "lost", title: "No contact to the device", text: `What is shown was true at ${since(new Date(lostAt).toISOString())}. The page connects again by itself.` };
  switch (bay.view) {
    case "camera-moved":
      return {
        kind: "moved", title: "The camera was moved",
        text: `Since ${since(bay.view_since)} the places do not lie where the products are, so nothing is judged. Put the camera back, or take the new view.`,
        buttons: [["Take the new view", takeNewView, "primary"], ["Keep the places where they are", keepPlaces]],
      };
    case "unusable":
      return { kind: "dark", title: "The shelf cannot be seen", text: `Since ${since(bay.view_since)} the picture is too dark, blurred or blank. What is shown is what was seen before.` };
    case "none":
      return { kind: "none", title: "Not looked at yet", text: "The places are judged with the next picture. “Look now” takes one." };
  }
  const late = lateBy(bay);
  return late === null ? null : { kind: "late", title: "The last look is old", text: `The shelf was last seen at ${since(bay.last_look_at)}. A look is due every ${duration(interval)}.` };
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
  setText($("looked"), lostAt !== null ? " · no contact" : ` · looked ${duration(Math.max(1, (deviceTime() - Date.parse(bay.last_look_at)) / 1000))} ago`);
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
    title: "Take the new view?",
    text: [
      `${plural(moved, "place moves", "places move")} to where their products are now.`,
      lost.length ? `${plural(lost.length, "place is", "places are")} not in the new picture and will be lost: ${lost.join(", ")}. Nothing is expected there any more.` : "No place is lost.",
      "What was taught stays. You can undo this.",
    ],
    buttons: [{ label: "Take the new view", value: "take", kind: "primary" }, { label: "Not now", value: null }],
  });
  if (answer === "take") await accept({ accept: true }, ({ moved, lost }) => `${plural(moved, "place")} moved along` + (lost.length ? `, ${lost.length} lost.` : "."));
}

async function keepPlaces() {
  const answer = await ask({
    title: "Keep the places where they are?",
    text: "The picture of now becomes the one that later pictures are compared with. The places keep their position in the picture. Do this when the shelf was changed and not the camera.",
    buttons: [{ label: "Keep the places", value: "keep", kind: "primary" }, { label: "Not now", value: null }],
  });
  if (answer === "keep") await accept({ accept: true, keep: true }, () => "The places stay where they are, on the new picture.");
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
      notify(back.ok ? "The places are as before." : back.problem, { level: back.ok ? "" : "error" });
      load();
    },
  });
  load();
}

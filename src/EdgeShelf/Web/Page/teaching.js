// Teaching: what the device last saw of a place becomes an example of a product, or of an empty place. Every teaching can be taken back.
import { request } from "./api.js";
import { ask } from "./ask.js";
import { changesOf, leftOut } from "./effect.js";
import { productName } from "./format.js";
import { load, nameOfLabel } from "./shelf/bay.js";
import { clearNotices, notify } from "./notices.js";
import { t } from "./texts.js";

// Adds examples. `lesson` is the body of POST /api/examples: { slots, label, name, sku, gtin } or { slots, expected: true }. First the device says what would
// change. The person is asked when other places would change, when the device would get worse, and when the same was taught as something else.
// Returns { ok, problem, added, step, left }: `left` says in words what was left out, `problem` is empty when the person decided against it.
export async function teach(lesson) {
  let body = lesson;
  let answer = await preview(body);
  const other = answer.details?.not_added?.find(each => each.code === "other-label");
  if (!answer.ok && other) {
    if (!await agreesToMove(other, lesson)) return declined();
    body = { ...lesson, move: true };
    answer = await preview(body);
  }
  if (answer.ok) {
    if (!await agrees(answer.data.effect, lesson)) return declined();
    answer = await request("/api/examples", { method: "POST", json: answer.data.effect.worse.length ? { ...body, confirm: true } : body });
  }
  // Somebody else taught something meanwhile, so that it is worse only now.
  if (answer.code === "makes-worse") {
    if (!await agrees(answer.details.effect, lesson)) return declined();
    answer = await request("/api/examples", { method: "POST", json: { ...body, confirm: true } });
  }
  if (answer.ok) showSoon();
  const notAdded = answer.ok ? answer.data.not_added : answer.details?.not_added ?? [];
  const left = leftOut(notAdded);
  return { ok: answer.ok, problem: answer.ok ? "" : left || answer.problem, added: [...answer.data?.added ?? [], ...answer.data?.moved ?? []], step: answer.data?.step?.step, left };
}

// What a lesson would do. If no picture shows the places as they are now, one is taken.
export async function preview(lesson) {
  const ask = () => request("/api/examples/preview", { method: "POST", json: lesson });
  const answer = await ask();
  if (answer.code !== "no-view") return answer;
  const look = await request("/api/capture", { method: "POST" });
  return look.ok ? ask() : answer;
}

// A person at the shelf wants to see at once what a teaching did, and the timer's next picture may be minutes away. An older message would take back something
// that is not the last one any more.
function showSoon() {
  clearNotices();
  load();
  request("/api/capture", { method: "POST" });
}

const declined = () => ({ ok: false, problem: "", added: [], left: "" });

async function agrees({ changes, worse }, { slots }) {
  const others = changes.filter(change => !slots.includes(change.slot));
  if (worse.length === 0 && others.length === 0) return true;
  const answer = await ask({
    title: t(worse.length ? "teach.worse" : "teach.changes"),
    text: [...worse, ...changesOf(others, "effect.learning"), t(worse.length ? "teach.perhaps" : "can-undo")],
    buttons: worse.length
      ? [{ label: t("teach.dont"), value: null, kind: "primary" }, { label: t("teach.anyway"), value: "yes", kind: "danger" }]
      : [{ label: t("teach.learn"), value: "yes", kind: "primary" }, { label: t("not-now"), value: null }],
  });
  return answer === "yes";
}

async function agreesToMove({ label }, lesson) {
  const before = nameOfLabel(label);
  const now = lesson.label ? lesson.name ? productName(lesson) : nameOfLabel(lesson.label) : t("teach.what-belongs");
  const answer = await ask({
    title: t("teach.before"),
    text: t("teach.before-text", { before, now }),
    buttons: [{ label: t("slot.it-is", { product: now }), value: "move", kind: "primary" }, { label: t("slot.it-is", { product: before }), value: null }],
  });
  return answer === "move";
}

// Takes a teaching back as a whole, with the examples that it moved or dropped. Returns what came of it: { text, level }.
export async function takeBack(...steps) {
  for (const step of steps) {
    const answer = await request("/api/examples/undo", { method: "POST", json: { step } });
    if (!answer.ok) {
      load();
      return { text: answer.problem, level: "error" };
    }
  }
  showSoon();
  return { text: t("teach.taken-back"), level: "" };
}

// Teaches and says at the foot of the page what came of it. `tell(count)` is the text for so many new examples.
export async function teachAndTell(lesson, tell) {
  const { ok, problem, added, step, left } = await teach(lesson);
  if (!ok) {
    if (problem) notify(problem, { level: "error" });
    return;
  }
  const text = added.length ? [tell(added.length), left].filter(Boolean).join(" ") : left || t("nothing-new");
  notify(text, step === undefined ? {} : {
    undo: async () => {
      const { text, level } = await takeBack(step);
      notify(text, { level });
    },
  });
}

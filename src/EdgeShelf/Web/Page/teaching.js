// Teaching: what the device last saw of a place becomes an example of a product, or of an empty place. Every teaching can be taken back.
import { request } from "./api.js";
import { load } from "./shelf/bay.js";
import { notify } from "./notices.js";

// Adds examples. `lesson` is the body of POST /api/examples: { slots, label } or { slots, expected: true }.
// What would make the device worse is taught only if the person says so. Returns { ok, problem, added, step }.
export async function teach(lesson) {
  let answer = await request("/api/examples", { method: "POST", json: lesson });
  if (answer.code === "makes-worse" && confirm(`${answer.problem}\n\nTeach it all the same?`))
    answer = await request("/api/examples", { method: "POST", json: { ...lesson, confirm: true } });
  if (answer.ok) load();
  return { ...answer, added: answer.data?.added ?? [], step: answer.data?.step?.step };
}

// Takes a teaching back as a whole, with the examples that it moved or dropped. Returns the problem, or "".
export async function takeBack(step) {
  const answer = await request("/api/examples/undo", { method: "POST", json: { step } });
  load();
  return answer.ok ? "" : answer.problem;
}

// Teaches and says at the foot of the page what came of it.
export async function teachAndTell(lesson, tell) {
  const { ok, problem, added, step } = await teach(lesson);
  if (!ok) {
    notify(problem, { level: "error" });
    return;
  }
  notify(tell(added.length), step === undefined ? {} : {
    undo: async () => {
      const failed = await takeBack(step);
      notify(failed || "Taken back. The device knows what it knew before.", { level: failed ? "error" : "" });
    },
  });
}

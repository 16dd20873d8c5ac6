// Teaching: what the device last saw of a place becomes an example of a product, or of an empty place. Every teaching can be taken back.
import { request } from "./api.js";
import { load } from "./shelf/bay.js";
import { notify } from "./notices.js";

// Adds examples. `lesson` is the body of POST /api/examples: { slots, label } or { slots, expected: true }.
// Returns { ok, problem, added }.
export async function teach(lesson) {
  const answer = await request("/api/examples", { method: "POST", json: lesson });
  if (answer.ok) load();
  return { ...answer, added: answer.data?.added ?? [] };
}

// Takes examples back. Returns the problem of those that could not be, or "".
export async function takeBack(added) {
  let problem = "";
  for (const { id } of added) {
    const answer = await request(`/api/examples/${encodeURIComponent(id)}`, { method: "DELETE" });
    // An example that is gone already is what the person wants.
    if (!answer.ok && answer.status !== 404) problem = answer.problem;
  }
  load();
  return problem;
}

// Teaches and says at the foot of the page what came of it.
export async function teachAndTell(lesson, tell) {
  const { ok, problem, added } = await teach(lesson);
  if (!ok) {
    notify(problem, { level: "error" });
    return;
  }
  notify(tell(added.length), {
    undo: async () => {
      const failed = await takeBack(added);
      notify(failed || "Taken back. The device knows what it knew before.", { level: failed ? "error" : "" });
    },
  });
}

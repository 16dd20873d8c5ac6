// Pictures from this computer. The device classifies them and does not store them.
import { reviewTag, showGuesses } from "./answer.js";
import { problemOf } from "./device.js";
import { $, element } from "./dom.js";

const MAX_PICTURES = 8;
const MAX_BYTES = 10_000_000;

export function start() {
  const file = $("file");
  file.addEventListener("change", () => { tryPictures([...file.files]); file.value = ""; });

  const drop = $("drop");
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, event => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", event => { event.preventDefault(); tryPictures([...event.dataTransfer.files]); });
}

async function tryPictures(files) {
  if (files.length === 0) return;
  if (files.length > MAX_PICTURES || files.reduce((sum, file) => sum + file.size, 0) > MAX_BYTES) {
    note(`At most ${MAX_PICTURES} pictures and ${MAX_BYTES / 1e6} MB together.`, "error");
    return;
  }
  note(files.length === 1 ? "Looking…" : `Looking at ${files.length} pictures…`);
  const form = new FormData();
  for (const file of files) form.append("image", file);
  try {
    const response = await fetch("/predict", { method: "POST", body: form });
    if (!response.ok) {
      note(await problemOf(response), "error");
      return;
    }
    // One picture is answered with an object, several with an array.
    const results = [await response.json()].flat();
    $("tried").replaceChildren(...results.map((result, position) => answerOf(result, files[position])));
  } catch {
    note("The device does not answer, or the pictures are too large.", "error");
  }
}

function note(text, level) {
  $("tried").replaceChildren(element("p", { className: "note", data: level ? { level } : {}, textContent: text }));
}

function answerOf(result, file) {
  const picture = element("img", { src: URL.createObjectURL(file), alt: file.name });
  picture.onload = () => URL.revokeObjectURL(picture.src);
  const list = element("ol", { className: "top-three" });
  showGuesses(list, result);
  const time = result.cached ? "known picture" : `${result.timings_ms.total} ms`;
  return element("div", { className: "tried" }, picture, element("div", {}, list, ...reviewTag("p", result), element("p", { className: "muted small", textContent: time })));
}

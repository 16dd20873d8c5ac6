// A film in front of a folder camera: the camera replays the pictures of its folder in the order of their names, and the film is what lies there.
import { copyFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { until, url } from "./browser.mjs";

export function filmOf(source, camera) {
  const frames = readdirSync(source).filter(name => name.endsWith(".jpg")).sort();

  // A picture appears as a whole, because the camera reads whatever has its name.
  function lay(name) {
    copyFileSync(`${source}/${name}`, `${camera}/${name}.part`);
    renameSync(`${camera}/${name}.part`, `${camera}/${name}`);
  }

  // Shows the frames from `first` to `last` once in their order, and from then on again and again those from `rest`, which show the same scene.
  async function play(page, first, rest, last) {
    const shown = frames.filter(name => name >= first && name <= `${last}.jpg`);
    for (const name of shown) lay(name);
    for (const name of readdirSync(camera)) if (!shown.includes(name)) rmSync(`${camera}/${name}`);
    await until(async () => {
      const state = await (await page.request.get(`${url}api/state`)).json();
      return state.last_result?.image.name >= `${rest}.jpg`;
    }, `The camera does not come to ${rest}.jpg.`, 180_000);
    for (const name of shown) if (name < rest) rmSync(`${camera}/${name}`);
  }

  return { play };
}

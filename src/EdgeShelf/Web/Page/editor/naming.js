// Names and numbers of places: the shelf that a new place belongs to, its name, and its number from the left.
import { t } from "../texts.js";

// The number of the shelf board on which a region lies, by the places that are on it: a place belongs to the shelf whose places stand at its height,
// or to a new one above or below.
export function shelfFor(region, places) {
  const shelves = rowsOf(places);
  if (shelves.length === 0) return 1;
  const middle = region.y + region.height / 2;
  const level = shelves.find(shelf => middle >= shelf.top && middle <= shelf.bottom);
  if (level) return level.shelf;
  const above = shelves.filter(shelf => shelf.bottom < middle).at(-1);
  const below = shelves.find(shelf => shelf.top > middle);
  if (!above) return Math.max(1, below.shelf - 1);
  if (!below) return above.shelf + 1;
  return below.shelf - above.shelf > 1 ? above.shelf + 1 : above.shelf;
}

function rowsOf(places) {
  const rows = new Map();
  for (const { shelf, y, height } of places) {
    if (shelf === null) continue;
    const row = rows.get(shelf) ?? { shelf, top: y, bottom: y + height };
    rows.set(shelf, { shelf, top: Math.min(row.top, y), bottom: Math.max(row.bottom, y + height) });
  }
  return [...rows.values()].sort((a, b) => a.top - b.top);
}

// The next free name on a shelf: `2-07` behind `2-06`.
export function nextName(shelf, places) {
  const prefix = shelf === null ? "place" : `${shelf}`;
  const taken = new Set(places.map(place => place.slot));
  const numbers = [...taken].map(name => name.match(new RegExp(`^${prefix}-(\\d+)$`))?.[1]).filter(Boolean).map(Number);
  for (let number = Math.max(0, ...numbers) + 1; ; number++) {
    const name = `${prefix}-${String(number).padStart(2, "0")}`;
    if (!taken.has(name)) return name;
  }
}

// A name that two places have, or that the device would refuse: the problem as a text, or "".
export function problemOfName(slot, places) {
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(slot)) return t("editor.name-bad");
  return places.filter(place => place.slot === slot).length > 1 ? t("editor.name-taken") : "";
}

// The places with their numbers from the left on each shelf. Numbers that are all there and in order are kept, because they may be those of the
// store's planogram; otherwise the shelf is numbered from 1.
export function numbered(places) {
  const numbers = new Map();
  for (const shelf of new Set(places.map(place => place.shelf))) {
    if (shelf === null) continue;
    const row = places.filter(place => place.shelf === shelf).sort((a, b) => a.x + a.width / 2 - b.x - b.width / 2);
    const isInOrder = row.every((place, i) => place.position !== null && (i === 0 || place.position > row[i - 1].position));
    row.forEach((place, i) => numbers.set(place.id, isInOrder ? place.position : i + 1));
  }
  return places.map(place => ({ ...place, position: numbers.get(place.id) ?? null }));
}

// A grid of places over a shelf, laid in one go.
import { nextName } from "./naming.js";

// The cells of an area, row by row. The gaps are fractions of a cell and lie between the cells, not around them.
export function cellsOf(area, { rows, columns, gapX, gapY }) {
  const width = area.width / (columns + gapX * (columns - 1));
  const height = area.height / (rows + gapY * (rows - 1));
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return { row, column, x: area.x + column * width * (1 + gapX), y: area.y + row * height * (1 + gapY), width, height };
  });
}

// The cells as places: each row is a shelf board, counted from `shelf`. Their names are free beside those of `places`.
export function placesOf(cells, shelf, places) {
  const all = [...places];
  return cells.map(({ row, column, ...region }) => {
    const place = { ...region, shelf: shelf + row, slot: nextName(shelf + row, all) };
    all.push(place);
    return place;
  });
}

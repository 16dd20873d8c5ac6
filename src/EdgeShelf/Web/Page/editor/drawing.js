// The places as they are being drawn, with undo and redo. It knows nothing of the screen.
//
// A place is { id, slot, shelf, position, x, y, width, height, label, facings }: x to height are fractions of the picture, `label` is the product that
// belongs there or null, `id` is only for this page. A state is { places, products } and is never changed: each change makes a new one.

const MAX_UNDO = 200;
const MIN_SIZE = 0.004;

export class Drawing {
  #state;
  #saved;
  #past = [];
  #future = [];
  #lastKey = "";
  #nextId = 1;
  #changed;

  selected = new Set();     // ids

  // `changed()` is called after each change of the state or of the selection.
  constructor({ places, products }, changed) {
    this.#state = { places: places.map(place => ({ ...place, id: this.#nextId++ })), products };
    this.#saved = this.#state;
    this.#changed = changed;
  }

  get places() { return this.#state.places; }
  get products() { return this.#state.products; }
  get chosen() { return this.places.filter(place => this.selected.has(place.id)); }
  get isDirty() { return this.#state !== this.#saved; }
  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }

  // The state becomes what is saved on the device.
  markSaved() {
    this.#saved = this.#state;
    this.#lastKey = "";
    this.#changed();
  }

  // A drawing that was never saved differs from the device's whatever it holds.
  markUnsaved() {
    this.#saved = null;
    this.#changed();
  }

  // Adds places and selects them. Each is a place without an id.
  add(places) {
    const added = places.map(place => ({ position: null, label: null, facings: 1, ...clipped(place), id: this.#nextId++ }));
    this.selected = new Set(added.map(place => place.id));
    this.#set({ ...this.#state, places: [...this.places, ...added] });
    return added;
  }

  // Changes the selected places. Changes in a row with the same `key` are one step of undo.
  update(change, key = "") {
    const places = this.places.map(place => this.selected.has(place.id) ? { ...place, ...change(place) } : place);
    this.#set({ ...this.#state, places }, key && `${key} ${[...this.selected]}`);
  }

  // Moves the selected places together, as far as all of them stay in the picture.
  move(dx, dy, key) {
    const chosen = this.chosen;
    const right = clamp(dx, -Math.min(...chosen.map(place => place.x)), 1 - Math.max(...chosen.map(place => place.x + place.width)));
    const down = clamp(dy, -Math.min(...chosen.map(place => place.y)), 1 - Math.max(...chosen.map(place => place.y + place.height)));
    this.update(place => ({ x: place.x + right, y: place.y + down }), key);
  }

  // Makes the selected places wider and higher.
  grow(dw, dh, key) {
    this.update(place => ({ width: clamp(place.width + dw, MIN_SIZE, 1 - place.x), height: clamp(place.height + dh, MIN_SIZE, 1 - place.y) }), key);
  }

  // Gives the selected places a product, which becomes one of the drawing's, or none.
  setProduct(product) {
    const isKnown = !product || this.products.some(other => other.label === product.label);
    const places = this.places.map(place => this.selected.has(place.id) ? { ...place, label: product?.label ?? null } : place);
    this.#set({ places, products: isKnown ? this.products : [...this.products, product] });
  }

  // Gives the product of the selected places to all places that have none.
  setProductOfOthers() {
    const [{ label }] = this.chosen;
    this.#set({ ...this.#state, places: this.places.map(place => place.label ? place : { ...place, label }) });
  }

  remove() {
    const places = this.places.filter(place => !this.selected.has(place.id));
    this.selected = new Set();
    this.#set({ ...this.#state, places });
  }

  select(ids) {
    this.selected = new Set(ids);
    this.#lastKey = "";
    this.#changed();
  }

  toggle(id) {
    if (!this.selected.delete(id)) this.selected.add(id);
    this.#lastKey = "";
    this.#changed();
  }

  undo() { this.#step(this.#past, this.#future); }
  redo() { this.#step(this.#future, this.#past); }

  #step(from, to) {
    if (from.length === 0) return;
    to.push(this.#state);
    this.#state = from.pop();
    this.#lastKey = "";
    const ids = new Set(this.places.map(place => place.id));
    this.selected = new Set([...this.selected].filter(id => ids.has(id)));
    this.#changed();
  }

  #set(state, key = "") {
    if (!key || key !== this.#lastKey) {
      this.#past.push(this.#state);
      if (this.#past.length > MAX_UNDO) this.#past.shift();
    }
    this.#lastKey = key;
    this.#future = [];
    this.#state = state;
    this.#changed();
  }
}

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

// The place with its region inside the picture and large enough to be seen.
export function clipped(place) {
  const width = clamp(place.width, MIN_SIZE, 1);
  const height = clamp(place.height, MIN_SIZE, 1);
  return { ...place, x: clamp(place.x, 0, 1 - width), y: clamp(place.y, 0, 1 - height), width, height };
}

// The region with one or two of its edges ("n", "e", "s", "w") moved to a point. An edge that passes its opposite one stops there.
export function resized({ x, y, width, height }, edges, to) {
  let [left, top, right, bottom] = [x, y, x + width, y + height];
  if (edges.includes("w")) left = clamp(to.x, 0, right - MIN_SIZE);
  if (edges.includes("e")) right = clamp(to.x, left + MIN_SIZE, 1);
  if (edges.includes("n")) top = clamp(to.y, 0, bottom - MIN_SIZE);
  if (edges.includes("s")) bottom = clamp(to.y, top + MIN_SIZE, 1);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

// The region between two points, inside the picture.
export function between(a, b) {
  const [left, right] = [clamp(Math.min(a.x, b.x), 0, 1), clamp(Math.max(a.x, b.x), 0, 1)];
  const [top, bottom] = [clamp(Math.min(a.y, b.y), 0, 1), clamp(Math.max(a.y, b.y), 0, 1)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

// The drawing that was not saved yet, kept by the browser: a phone that goes to sleep, a login that ends or a reload must not cost an hour's work.

const KEY = "edgeshelf-draft";

export function keep({ places, products }, version) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ at: new Date().toISOString(), version, places, products }));
  } catch {
    // A private window may have no store, or it is full. The drawing is still on the page.
  }
}

export function drop() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There is no store, and so no draft.
  }
}

// The draft, { at, version, places, products }, or null. `version` is that of the slots with which it began.
export function kept() {
  try {
    const draft = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(draft?.places) && Array.isArray(draft.products) ? draft : null;
  } catch {
    return null;
  }
}

// Selecting several cards of a list: by click, with Shift, by dragging over them, by a long press and sliding on, and with the keyboard.

const LONG_PRESS_MS = 450;
const MOVED_PX = 8;         // less than this is an unsteady hand and no drag

// `list` holds the cards, each with its id in `data-key` and with a `.review-pick`, which is the checkbox. `changed(selected)` is called after each change.
export function makeSelection(list, changed) {
  const selected = new Set();
  let anchor = null;          // where a range with Shift begins
  let sweep = null;           // { from, to, x, y, before, adds, isOn, timer }: a drag over cards
  let skipsClick = false;     // the click that ends a drag selects nothing

  const cards = () => [...list.children];
  const ids = () => cards().map(card => card.dataset.key);
  const pickOf = id => cards().find(card => card.dataset.key === id)?.querySelector(".review-pick");
  const idAt = target => target?.closest?.(".review-card")?.dataset.key ?? null;
  const pickAt = target => target?.closest?.(".review-pick") ? idAt(target) : null;

  function show() {
    for (const card of cards()) card.querySelector(".review-pick").setAttribute("aria-checked", String(selected.has(card.dataset.key)));
    changed(selected);
  }

  function between(a, b) {
    const all = ids();
    const [from, to] = [all.indexOf(a), all.indexOf(b)].sort((x, y) => x - y);
    return from < 0 ? [b] : all.slice(from, to + 1);
  }

  function toggle(id) {
    if (!selected.delete(id)) selected.add(id);
    anchor = id;
    show();
  }

  function extendTo(id) {
    for (const each of between(anchor ?? id, id)) selected.add(each);
    anchor ??= id;
    show();
  }

  // One card can be reached with Tab, the others with the arrows: 200 cards would be 800 stops.
  function enter(id) {
    for (const card of cards()) {
      const isHere = card.dataset.key === id;
      for (const button of card.querySelectorAll("button")) button.tabIndex = isHere ? 0 : -1;
    }
  }

  function focus(id) {
    enter(id);
    pickOf(id)?.focus();
  }

  const beside = (id, key) => {
    const all = cards();
    const here = all.findIndex(card => card.dataset.key === id);
    const box = all[here].getBoundingClientRect();
    const inLine = (from, step) => {
      for (let at = from + step; all[at]; at += step) {
        const other = all[at].getBoundingClientRect();
        if (Math.abs(other.top - box.top) > 4 && other.left < box.right && other.right > box.left) return at;
      }
      return from;
    };
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, ArrowDown: inLine(here, 1), ArrowUp: inLine(here, -1), Home: 0, End: all.length - 1 }[key];
    return next === undefined ? null : all[Math.max(0, Math.min(all.length - 1, next))].dataset.key;
  };

  list.addEventListener("click", event => {
    const id = pickAt(event.target);
    if (!id) return;
    if (skipsClick) skipsClick = false;
    else if (event.shiftKey) extendTo(id);
    else toggle(id);
  });

  list.addEventListener("keydown", event => {
    const id = pickAt(event.target);
    if (id && event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      for (const each of ids()) selected.add(each);
      show();
    } else if (event.key === "Escape" && selected.size) {
      clear();
    } else {
      const next = id && !event.ctrlKey && !event.altKey && !event.metaKey ? beside(id, event.key) : null;
      if (!next) return;
      if (event.shiftKey) {
        anchor ??= id;
        if (!selected.has(id)) anchor = id;
        extendTo(id);
        extendTo(next);
      }
      focus(next);
    }
    event.preventDefault();
  });

  list.addEventListener("focusin", event => { const id = idAt(event.target); if (id) enter(id); });

  function begin() {
    sweep.isOn = true;
    sweep.adds = !selected.has(sweep.from);
    sweep.before = new Set(selected);
    sweepTo(sweep.from);
  }

  // What lies between the first card and this one is selected; going back takes it off again.
  function sweepTo(id) {
    if (sweep.to === id) return;
    sweep.to = id;
    selected.clear();
    for (const each of sweep.before) selected.add(each);
    for (const each of between(sweep.from, id)) if (sweep.adds) selected.add(each); else selected.delete(each);
    anchor = id;
    show();
  }

  function end() {
    if (!sweep) return;
    clearTimeout(sweep.timer);
    skipsClick = sweep.isOn;
    sweep = null;
    list.dataset.sweeping = "no";
    // A drag that ends on another card makes no click, and then the next one counts.
    setTimeout(() => { skipsClick = false; });
  }

  list.addEventListener("pointerdown", event => {
    end();
    skipsClick = false;
    const id = pickAt(event.target);
    if (!id || !event.isPrimary || event.button !== 0 || event.shiftKey) return;
    sweep = { from: id, to: null, x: event.clientX, y: event.clientY, isOn: false, isTouch: event.pointerType !== "mouse" };
    if (sweep.isTouch) sweep.timer = setTimeout(() => { list.dataset.sweeping = "yes"; navigator.vibrate?.(15); begin(); }, LONG_PRESS_MS);
  });

  addEventListener("pointermove", event => {
    if (!sweep) return;
    const hasMoved = Math.hypot(event.clientX - sweep.x, event.clientY - sweep.y) > MOVED_PX;
    if (!sweep.isOn) {
      if (!hasMoved) return;
      // A finger that moves before the long press scrolls.
      if (sweep.isTouch) return end();
      list.dataset.sweeping = "yes";
      begin();
    }
    const id = idAt(document.elementFromPoint(event.clientX, event.clientY));
    if (id && list.contains(pickOf(id))) sweepTo(id);
  });
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  // While cards are selected with a finger the page does not scroll under it, and no menu opens.
  list.addEventListener("touchmove", event => { if (sweep?.isOn && event.cancelable) event.preventDefault(); }, { passive: false });
  list.addEventListener("contextmenu", event => { if (sweep?.isTouch) event.preventDefault(); });
  list.addEventListener("dragstart", event => event.preventDefault());

  function clear() {
    selected.clear();
    anchor = null;
    show();
  }

  return {
    selected, clear, focus,
    all() {
      for (const each of ids()) selected.add(each);
      show();
    },
    // Call it after the cards changed: what is gone is not selected any more.
    refresh() {
      const all = ids();
      for (const id of [...selected]) if (!all.includes(id)) selected.delete(id);
      if (!all.includes(anchor)) anchor = null;
      const here = idAt(document.activeElement);
      enter(all.includes(here) ? here : all[0]);
      show();
    },
  };
}

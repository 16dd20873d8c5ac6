// The keys of the editor.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Calls the actions of the editor: nudge(dx, dy), grow(dx, dy), remove, copy, undo, redo, save, selectAll, escape, newPlace, tool(name). In a field the
// keys write, except for Escape and Ctrl+S.
export function listen(dialog, actions) {
  // A place that was deleted had the focus, so that the key may be pressed outside the dialog.
  document.addEventListener("keydown", event => {
    const isOnTop = dialog.open && document.querySelectorAll("dialog[open]").length === 1;
    if (!isOnTop) return;
    if (handle(event, actions)) event.preventDefault();
  });
}

function handle(event, actions) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isField = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.metaKey) {
    if (key === "s") return done(actions.save);
    if (isField) return false;
    if (key === "z") return done(event.shiftKey ? actions.redo : actions.undo);
    if (key === "y") return done(actions.redo);
    if (key === "d") return done(actions.copy);
    if (key === "a") return done(actions.selectAll);
    return false;
  }
  if (key === "Escape") return done(actions.escape);
  if (isField || event.altKey) return false;
  if (ARROWS[key]) {
    // In the toolbar and the panel the arrows scroll.
    if (event.target.closest("#editor-panel, #editor-tools")) return false;
    const [dx, dy] = ARROWS[key];
    return done(() => event.shiftKey ? actions.grow(dx, dy) : actions.nudge(dx, dy));
  }
  switch (key) {
    case "Delete": case "Backspace": return done(actions.remove);
    case "n": return done(actions.newPlace);
    case "v": return done(() => actions.tool("select"));
    case "d": return done(() => actions.tool("draw"));
    case "g": return done(() => actions.tool("grid"));
  }
  return false;
}

function done(action) {
  action();
  return true;
}

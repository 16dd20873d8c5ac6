// Words for how well a product is taught.

// How often its examples were recognized by the others, or "" where none can be judged.
export const shareOf = figures => figures?.judged ? `${figures.right} of ${figures.judged} recognized` : "";

export const isEnough = ({ figures, own }) => own.length > 0 && (figures?.enough ?? false);

// What it needs, in a few words. The device's own advice is said in full where the product is open.
export function needOf({ figures, own }) {
  if (own.length === 0) return "Not taught yet";
  if (!figures) return "Not compared yet";
  if (figures.enough) return figures.same_as.length ? "Perhaps taught twice" : "Known well enough";
  if (figures.suspects.length) return "Look for a wrong example";
  if (own.length === 1) return "Needs a second example";
  if (figures.judged && figures.right / figures.judged < 0.9) return "Needs more examples";
  return figures.places === 1 ? "Needs another place" : "Needs other light";
}

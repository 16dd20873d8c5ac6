// Words for how well a product is taught.
import { t } from "../texts.js";

// How often its examples were recognized by the others, or "" where none can be judged.
export const shareOf = figures => figures?.judged ? t("products.recognized", { right: figures.right, count: figures.judged }) : "";

export const isEnough = ({ figures, own }) => own.length > 0 && (figures?.enough ?? false);

// What it needs, in a few words. The device's own advice is said in full where the product is open.
export function needOf({ figures, own }) {
  if (own.length === 0) return t("products.untaught");
  if (!figures) return t("products.uncompared");
  if (figures.enough) return t(figures.same_as.length ? "products.twice" : "products.enough");
  if (figures.suspects.length) return t("products.suspect");
  if (own.length === 1) return t("products.second");
  if (figures.judged && figures.right / figures.judged < 0.9) return t("products.more");
  return t(figures.places === 1 ? "products.other-place" : "products.other-light");
}

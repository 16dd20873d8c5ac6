// The number below a barcode: a GTIN of 8, 12, 13 or 14 digits (GS1 General Specifications, 7.9).
import { t } from "./texts.js";

// The digits of a text that may be such a number, without spaces and dashes; or "".
export function digitsOf(text) {
  const digits = text.replaceAll(/[\s-]/g, "");
  return /^\d+$/.test(digits) ? digits : "";
}

// What is wrong with a number that should be a GTIN, as a sentence; or "".
export function problemOfGtin(text) {
  const digits = digitsOf(text);
  if (!digits) return t("gtin.digits");
  if (![8, 12, 13, 14].includes(digits.length)) return t("gtin.length", { count: digits.length });
  const wanted = checkDigit(digits.slice(0, -1));
  return digits.at(-1) === wanted ? "" : t("gtin.check", { digit: wanted });
}

export const isGtin = text => digitsOf(text) !== "" && problemOfGtin(text) === "";

// Whether two texts are the same number. A GTIN of 12 digits is one of 13 with a zero before it.
export const isSameGtin = (a, b) => Boolean(a && b) && digitsOf(a).padStart(14, "0") === digitsOf(b).padStart(14, "0");

// Counted from the right, digits weigh 3, 1, 3, 1 and so on.
function checkDigit(digits) {
  const sum = [...digits].reverse().reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0);
  return String((10 - sum % 10) % 10);
}

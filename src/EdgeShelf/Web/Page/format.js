// Functions that format values for people.
import { locale, t } from "./texts.js";

const CUT_FROM = 72;

export const nameOf = label => label.replaceAll(/[-_]/g, " ");

// The first letter in upper case, for the start of a line.
export const sentence = text => text.charAt(0).toLocaleUpperCase() + text.slice(1);

// The name of a product for people: its own, or one made of its label.
export const productName = ({ label, name }) => name || sentence(nameOf(label));

// A name that is too long for a card loses its middle: names of products differ at their end, by size and kind.
export function shortName(name, most = CUT_FROM) {
  const signs = [...name];
  if (signs.length <= most) return name;
  const end = Math.floor(most * 0.45);
  return `${signs.slice(0, most - end - 1).join("").trimEnd()}…${signs.slice(-end).join("").trimStart()}`;
}

export const percent = share => share >= 0.995 && share < 1 ? "> 99 %" : `${Math.round(share * 100)} %`;

export function duration(seconds) {
  if (seconds < 90) return t("time.seconds", { count: Math.max(1, Math.round(seconds)) });
  if (seconds < 5400) return t("time.minutes", { count: Math.round(seconds / 60) });
  if (seconds < 129600) return t("time.hours", { count: Math.round(seconds / 3600) });
  return t("time.days", { count: Math.round(seconds / 86400) });
}

// Returns the time of day, with the date when it is not today.
export function clockTime(iso) {
  const date = new Date(iso);
  const today = new Date().toDateString() === date.toDateString();
  return date.toLocaleString(locale(), today ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

// Returns the time of day without seconds: "09:42", "yesterday, 17:20" or with the date.
export function since(iso) {
  const date = new Date(iso);
  const time = date.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
  const daysAgo = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (daysAgo === 0) return time;
  if (daysAgo === 1) return t("time.yesterday", { time });
  return date.toLocaleString(locale(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

export function bytes(count) {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} GB`;
  if (count >= 1e6) return `${Math.round(count / 1e6)} MB`;
  return `${Math.ceil(count / 1e3)} kB`;
}

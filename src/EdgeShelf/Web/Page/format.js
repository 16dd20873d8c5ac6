// Functions that format values for people.

export const nameOf = label => label.replaceAll(/[-_]/g, " ");

// The first letter in upper case, for the start of a line.
export const sentence = text => text.charAt(0).toLocaleUpperCase() + text.slice(1);

// The name of a product for people: its own, or one made of its label.
export const productName = ({ label, name }) => name || sentence(nameOf(label));

export const percent = share => share >= 0.995 && share < 1 ? "> 99 %" : `${Math.round(share * 100)} %`;

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export function duration(seconds) {
  if (seconds < 1.5) return "1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

// Returns the time of day, with the date when it is not today.
export function clockTime(iso) {
  const date = new Date(iso);
  const today = new Date().toDateString() === date.toDateString();
  return date.toLocaleString([], today ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

// Returns the time of day without seconds: "09:42", "yesterday, 17:20" or with the date.
export function since(iso) {
  const date = new Date(iso);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const daysAgo = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (daysAgo === 0) return time;
  if (daysAgo === 1) return `yesterday, ${time}`;
  return `${date.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}

export function bytes(count) {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} GB`;
  if (count >= 1e6) return `${Math.round(count / 1e6)} MB`;
  return `${Math.ceil(count / 1e3)} kB`;
}

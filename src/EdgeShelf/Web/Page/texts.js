// The texts of the page in the language of the person. The device puts them into index.html, from texts/LANGUAGE.json; nothing else on the page has words.

let data = null;
let forms = null;

const read = () => data ??= JSON.parse(document.getElementById("texts").textContent);

// The text under a key. `values` are put in place of their names in braces; where a text depends on a number, that is `values.count`.
export function t(key, values = {}) {
  const entry = read().texts[key] ?? key;
  const text = typeof entry === "string" ? entry : entry[(forms ??= new Intl.PluralRules(data.language)).select(values.count)] ?? entry.other;
  return text.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
}

export const hasText = key => key in read().texts;

// The language and country by which times and numbers are written.
export const locale = () => navigator.languages.find(each => each.split("-")[0] === read().language) ?? read().language;

// Several things in one sentence: "a, b and c".
export const list = items => new Intl.ListFormat(read().language).format(items);

export function start() {
  const { language, languages } = read();
  const select = document.getElementById("language");
  select.replaceChildren(...Object.entries(languages).map(([tag, name]) => new Option(name, tag, false, tag === language)));
  for (const option of select.options) option.lang = option.value;
  select.addEventListener("change", () => {
    // The device reads the cookie, so that the page comes in this language from the beginning, also to sign in.
    document.cookie = `edgeshelf-language=${select.value}; path=/; max-age=31536000; samesite=strict`;
    location.reload();
  });
}

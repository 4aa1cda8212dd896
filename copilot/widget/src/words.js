// The widget's own words, in the languages of the calls; they stand in words.json.

let known = { en: {}, es: {} }; // until they have come

/** Get the words; without them every key stands for itself. */
export async function loadWords(home) {
  known = await (await fetch(`${home}/widget.words.json`)).json();
}

/** The words of a language, English where it has none. */
export function wordsOf(language) {
  return String(language ?? "").startsWith("es") ? known.es : known.en;
}

/** A word by its key; a key nobody knows is shown as it is, without its underscores. */
export function say(words, key, ...values) {
  const word = Object.hasOwn(words, key) ? words[key] : String(key).replaceAll("_", " ");
  return values.reduce((text, value, place) => text.replace(`{${place}}`, value), word);
}

// Building the consoles from text: everything from outside goes through textContent, never through markup.

export const find = (id) => document.getElementById(id);

/** An element; `attributes` are set as attributes, `className` and `text` as properties, `onClick` as a listener. */
export function element(name, { className, text, onClick, ...attributes } = {}, children = []) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  if (onClick) made.addEventListener("click", onClick);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** A button of the page. */
export function button(text, onClick, more = {}) {
  return element("button", { type: "button", text, onClick, ...more });
}

/** Text from outside, in a direction of its own. */
export function outside(name, text, more = {}) {
  return element(name, { dir: "auto", text: String(text ?? ""), ...more });
}

/** A table with a head line; cells are text, numbers or elements. `caption` says what it holds. */
export function table(caption, heads, rows, { numeric = [], className = "" } = {}) {
  const cell = (name, value, place) => {
    const made = element(name, { className: numeric.includes(place) ? "number" : "" });
    if (name === "th") made.scope = "col";
    made.append(value instanceof Node ? value : String(value ?? ""));
    if (name === "td") made.dir = "auto";
    return made;
  };
  const line = (name) => (values) => element("tr", {}, values.map((value, place) => cell(name, value, place)));
  return element("div", { className: "table-scroller", tabindex: "0", role: "group", "aria-label": caption }, [
    element("table", { className }, [
      element("caption", { text: caption }),
      element("thead", {}, [line("th")(heads)]),
      element("tbody", {}, rows.map(line("td"))),
    ]),
  ]);
}

/** A moment in the reader's own zone; "" when there is none. */
export function moment(iso, language) {
  const at = new Date(iso ?? NaN);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(locale(language), { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** How far away a moment is: "in 3 days", "2 hours ago". */
export function fromNow(iso, language) {
  const minutes = (new Date(iso).getTime() - Date.now()) / 60_000;
  if (Number.isNaN(minutes)) return "";
  const [size, unit] = Math.abs(minutes) < 60 ? [1, "minute"] : Math.abs(minutes) < 2880 ? [60, "hour"] : [1440, "day"];
  return new Intl.RelativeTimeFormat(locale(language), { numeric: "auto" }).format(Math.round(minutes / size), unit);
}

export function locale(language) {
  return language === "es" ? "es-US" : "en-US";
}

/** Words of the page in the reader's language: `{name}` is filled from `values`. */
export function fill(text, values) {
  return String(text ?? "").replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Whether keys belong to a field just now. */
export function isTyping(target) {
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
}

/** An id for a decision: random, so that a repeat of the same request is known as one. */
export function freshId(prefix) {
  const bytes = crypto.getRandomValues(new Uint8Array(12)); // randomUUID is missing on plain http
  return `${prefix}-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

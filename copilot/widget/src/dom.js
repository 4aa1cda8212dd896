// Building the page from text: everything from outside goes through textContent, never through markup.

// A value masked before it was stored, and a place in a script that the agent fills in: [CARD], {agent_name}.
const SET_OFF = /(\[(?:[A-Z][A-Z_]{1,30}|capture paused|before the recording notice)\]|\{[a-z][a-z_]{1,40}\})/;

/** An element with these attributes; `text` is what it says. */
export function element(name, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** Text from outside in an element of its own direction, with masks and fill-ins set off. */
export function outsideText(name, text, words, look) {
  const parts = String(text ?? "").split(SET_OFF).map((part) => {
    if (!SET_OFF.test(part)) return part;
    if (part.startsWith("[")) return element("span", { class: "mask", text: part, title: words.masked });
    return element("span", { class: "fill", text: part.slice(1, -1).replaceAll("_", " "), title: words.fillIn });
  });
  return element(name, { class: look, dir: "auto" }, parts);
}

/** Minutes and seconds of a call: 83000 is "01:23". */
export function clock(ms) {
  if (!Number.isFinite(ms)) return "--:--";
  const seconds = Math.floor(ms / 1000);
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * A moment in words, on the clock of the offset it names: it was promised by that clock, wherever this page is open.
 * Without the hour when `withHour` is false; null when it is no moment.
 */
export function momentInWords(iso, language, withHour) {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.exec(iso ?? "")?.[0];
  const moment = new Date(`${wall}Z`);
  if (!wall || Number.isNaN(moment.getTime())) return null;
  const hour = withHour ? { hour: "numeric", minute: "2-digit" } : {};
  const locale = String(language ?? "").startsWith("es") ? "es-US" : "en-US";
  const day = { weekday: "long", day: "numeric", month: "long", ...hour, timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, day).format(moment);
}

/** Whether a scroller stands at its end, give or take a line. */
export function isAtEnd(scroller) {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
}

/** Smooth, unless the reader has asked for less motion. */
export function scrollBehaviour() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

// What each key does. An action that says false had nothing to do.

import { goBy, goTo, pressOn, toggleDerivation } from "./keys.js";

/** The actions by key; `host` is the element, `acts` fill its drawers. */
export function actionsOf(host, parts, acts) {
  const press = ({ key }) => pressOn(parts.cards, key);
  const enter = (id) => () => startTyping(parts[id], acts[id]);
  return {
    a: () => goTo(parts.alerts), s: () => goTo(parts.cards), d: () => toggleDerivation(parts.cards),
    n: () => goTo(parts.note) || goTo(parts.growing),
    j: () => goBy(1, parts.scroller), k: () => goBy(-1, parts.scroller),
    c: (event) => (parts.note.matches(":focus-within") ? parts.note.querySelector("#copy-note").click() : press(event)),
    p: press, "+": press, "-": press, x: press, 1: press, 2: press, 3: press, 4: press,
    m: () => mute(parts),
    "/": enter("search"), b: enter("money"), r: enter("draft"),
    w: () => goTo(parts.work), u: () => goTo(parts.news),
    e: () => pressIn(parts.note, "#edit-note"),
    g: () => goTo(parts.note.querySelector("#sign-name")),
    l: () => turnTo(host, "theme", ["dark", "light"]),
    v: () => turnTo(host, "density", ["compact", "comfortable"]),
  };
}

/** Let cards wait, or come again; alerts come either way. */
export function mute({ box, mute: button }) {
  const isMuted = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isMuted));
  box.classList.toggle("muted", isMuted);
}

function startTyping(part, fill) {
  if (part.hidden) return false;
  part.open = true;
  fill(part.lastChild);
  return goTo(part.querySelector("input, textarea"));
}

function pressIn(part, selector) {
  const found = part.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function turnTo(host, name, values) {
  const at = values.indexOf(host.getAttribute(name));
  host.setAttribute(name, values[(at + 1) % values.length]);
}

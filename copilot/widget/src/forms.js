// Small forms: fields with their names, and what an action came to, said where it was asked for.

import { element, outsideText } from "./dom.js";

/** A button; `key` is the one that does the same. */
export function button(text, act, { key, ...more } = {}) {
  const made = element("button", { type: "button", text, ...more });
  if (key) {
    made.append(" ", element("kbd", { text: key, "aria-hidden": "true" }));
    made.setAttribute("aria-keyshortcuts", key);
  }
  made.addEventListener("click", act);
  return made;
}

/** A labelled field; `kind` is an input type, "area", or a list of [value, text] to choose from. */
export function field(name, text, kind = "text", more = {}) {
  const isChoice = Array.isArray(kind);
  const tag = isChoice ? "select" : kind === "area" ? "textarea" : "input";
  const input = element(tag, { name, ...(tag === "input" && { type: kind }), autocomplete: "off", ...more });
  if (isChoice) input.append(...kind.map(([value, label]) => element("option", { value, text: label })));
  return element("label", { class: kind === "checkbox" ? "switch" : "field" }, kind === "checkbox" ? [input, text] : [text, input]);
}

/** What stands in the fields of a form, empty ones left out. */
export function valuesOf(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
}

/**
 * A form: its fields, a button, and a place for what came of it.
 * @param {(values: object) => Promise<(Node|null)[]>} act gives what to show; what it throws is shown as a problem
 */
export function form(fields, submit, act, words) {
  const said = element("div", { class: "came", role: "status" });
  const send = element("button", { class: "main", text: submit });
  const made = element("form", {}, [...fields, send, said]);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    said.replaceChildren();
    try {
      said.replaceChildren(...(await act(valuesOf(made), made)).filter(Boolean));
    } catch (error) {
      said.replaceChildren(problem(error, words));
    }
    send.disabled = false;
  });
  return made;
}

/** Why something did not work, in a line. */
export function problem(error, words) {
  return outsideText("p", error.status ? error.message : words.noAnswer, words, "weak-line");
}

/** Put text on the clipboard; false where the browser refuses. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A part that is folded until somebody wants it; `fill` is asked each time it opens. */
export function drawer(id, title, key, fill) {
  const body = element("div", { class: "drawer-body" });
  const made = element("details", { id, class: "drawer" }, [
    element("summary", {}, [title, " ", key ? element("kbd", { text: key, "aria-hidden": "true" }) : null]), body,
  ]);
  made.addEventListener("toggle", () => { if (made.open) fill(body); });
  return made;
}

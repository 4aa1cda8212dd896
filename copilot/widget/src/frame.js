// The widget's own parts, from the top down, with their labels in a language.

import { element } from "./dom.js";
import { button, drawer } from "./forms.js";

const KEYS = [
  ["j k", "keyNext"], ["a", "keyAlerts"], ["s", "keyCards"], ["n", "keyNote"], ["d", "keyDerivation"], ["c", "copyCard"], ["p", "pin"],
  ["+ -", "keyThumbs"], ["x 1–4", "dismiss"], ["m", "mute"], ["/", "search"], ["b", "money"], ["w", "work"], ["r", "draft"], ["u", "news"],
  ["e", "editNote"], ["g", "sign"], ["l", "keyTheme"], ["v", "keyDensity"], ["?", "keyList"],
];

/** Build the parts into `root`, once; `acts` are what their buttons do. */
export function frame(root, acts, words) {
  const part = (name, id, label, more = {}) => element(name, { id, class: id, "data-label": label, ...more });
  const parts = {
    state: element("p", { class: "state", role: "status" }),
    retry: button("", () => acts.retry(), { hidden: "", class: "quiet" }),
    who: element("p", { class: "who" }),
    mute: button("", () => acts.mute(), { class: "quiet", "aria-pressed": "false" }),
    showKeys: button("", () => parts.dialog.showModal(), { class: "quiet" }),
    chips: part("ul", "chips", "stands"),
    alerts: part("section", "alerts", "alertsTitle", { "aria-live": "polite", "aria-relevant": "additions text" }),
    note: element("section", { id: "note", class: "note", "aria-labelledby": "note-title", hidden: "" }),
    summary: part("section", "summary", "summary"),
    missing: element("section", { id: "missing", class: "lacking", "data-label": "lackingTitle" }),
    open: part("section", "open", "openTitle", { hidden: "" }),
    muted: element("p", { class: "empty muted-note", "data-say": "mutedNote" }),
    cards: part("section", "cards", "cardsTitle"),
    noCards: element("p", { id: "no-cards", class: "empty", "data-say": "noCards" }),
    drawers: element("div", { class: "drawers" }),
    dialog: element("dialog", { class: "keys", "aria-labelledby": "keys-title" }),
  };
  const { state, retry, who, mute, showKeys, chips, dialog, ...rest } = parts;
  parts.scroller = element("div", { id: "sidebar-scroller", class: "scroller", tabindex: "0", role: "group", "data-label": "beside" }, Object.values(rest));
  parts.box = element("div", { class: "box" }, [
    element("header", { class: "bar" }, [element("h2", { class: "unseen", "data-say": "beside" }), state, retry, who, mute, showKeys]), chips, parts.scroller, dialog,
  ]);
  root.append(parts.box);
  label(parts, acts, words);
  return parts;
}

/** Put every label into these words; what was unfolded is folded. */
export function label(parts, acts, words) {
  for (const each of parts.box.querySelectorAll("[data-say]")) each.textContent = words[each.dataset.say];
  for (const each of parts.box.querySelectorAll("[data-label]")) each.setAttribute("aria-label", words[each.dataset.label]);
  for (const [made, name, key] of [[parts.mute, "mute", "m"], [parts.showKeys, "keys", "?"]]) {
    made.replaceChildren(words[name], " ", element("kbd", { text: key, "aria-hidden": "true" }));
  }
  parts.retry.textContent = words.tryAgain;
  const drawers = [["growing", "growing", ""], ["search", "search", "/"], ["money", "money", "b"], ["work", "work", "w"], ["draft", "draft", "r"], ["news", "news", "u"]];
  parts.drawers.replaceChildren(...drawers.map(([id, name, key]) => drawer(id, words[name], key, acts[id])));
  for (const [id] of drawers) parts[id] = parts.drawers.querySelector(`#${id}`);
  const areOn = parts.areOn?.checked ?? true;
  parts.areOn = element("input", { type: "checkbox" });
  parts.areOn.checked = areOn;
  parts.dialog.replaceChildren(
    element("h2", { id: "keys-title", text: words.keys }),
    element("dl", {}, KEYS.flatMap(([key, name]) => [element("dt", {}, [element("kbd", { text: key })]), element("dd", { text: words[name] })])),
    element("label", { class: "switch" }, [parts.areOn, words.keysOn]),
    button(words.close, () => parts.dialog.close(), { class: "main" }),
  );
}

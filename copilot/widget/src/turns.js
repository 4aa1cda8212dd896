// The turns that cards and sentences rest on: their numbers and words, and which of them somebody is looking at.

import { element, outsideText } from "./dom.js";
import { say } from "./words.js";

export class Turns {
  /** @param {(name: string, detail: object) => boolean} tell fires an event; false when the page has taken it up */
  constructor(tell) {
    this.tell = tell;
    this.clear();
  }

  clear() {
    this.known = new Map(); // turn_id to { number, text }
  }

  heard({ turn_id: turnId, text }) {
    this.known.set(turnId, { number: this.known.get(turnId)?.number ?? this.known.size + 1, text });
  }

  get count() {
    return this.known.size;
  }

  /** A button that names turns by their numbers; the page shows them, else their words unfold. Null for unknown ones. */
  link(turnIds, words) {
    const ids = (turnIds ?? []).filter((turnId) => this.known.has(turnId));
    if (ids.length === 0) return null;
    const numbers = ids.map((turnId) => this.known.get(turnId).number);
    const text = `${say(words, numbers.length === 1 ? "turn" : "turnMany")} ${numbers.join(", ")}`;
    const button = element("button", { class: "turn-link", type: "button", text, title: words.showTurn });
    button.addEventListener("click", () => {
      if (this.tell("turns", { turn_ids: ids, reveal: true })) this.unfold(button, ids, words);
    });
    return button;
  }

  unfold(button, turnIds, words) {
    if (button.nextSibling?.className === "heard") button.nextSibling.remove();
    else button.after(element("q", { class: "heard" }, turnIds.map((id) => outsideText("span", this.known.get(id).text, words))));
  }

  /** Make hovering or focusing `target` tell the page which turns it rests on. */
  tie(target, turnIds) {
    if (!turnIds?.length) return target;
    const tellOf = (ids) => () => this.tell("turns", { turn_ids: ids, reveal: false });
    for (const type of ["pointerenter", "focusin"]) target.addEventListener(type, tellOf(turnIds));
    for (const type of ["pointerleave", "focusout"]) target.addEventListener(type, tellOf([]));
    target.classList.add("tied");
    return target;
  }
}

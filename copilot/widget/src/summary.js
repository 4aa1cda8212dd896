// What a language model makes of the call so far, and what the note still lacks while the call runs.

import { element, outsideText } from "./dom.js";
import { say } from "./words.js";

export class Summary {
  constructor(place, turns) {
    Object.assign(this, { place, turns });
    this.clear();
  }

  clear() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  /** Show a summary in the place of the last one; a hidden one says what it waits for. */
  show(summary, words) {
    const sentences = Array.isArray(summary.sentences) ? summary.sentences : [];
    const lines = sentences.map(({ text, turn_ids: turnIds }) => {
      const line = element("li", { class: "statement" }, [
        outsideText("span", text, words), this.turns.link(turnIds, words),
      ]);
      line.dataset.rests = JSON.stringify(turnIds ?? []);
      return this.turns.tie(line, turnIds);
    });
    const provider = summary.provider ? say(words, "wordedBy", summary.provider) : "";
    this.place.replaceChildren(
      element("p", { class: "kind" }, [
        words.summary, provider ? outsideText("span", provider, words, "tag") : null,
      ]),
      summary.hidden === true || lines.length === 0
        ? outsideText("p", summary.next_step ?? summary.text, words, "body")
        : element("ul", {}, lines),
    );
    this.place.hidden = false;
  }

  /** A sentence goes with the words it rests on. */
  forget(turnId) {
    for (const line of this.place.querySelectorAll("[data-rests]")) {
      if (JSON.parse(line.dataset.rests).includes(turnId)) line.remove();
    }
    if (this.place.querySelector("ul:empty")) this.clear();
  }
}

/** What the note would lack if the call ended now; unfolded once, when the call comes to its end. */
export class Missing {
  constructor(place) {
    this.place = place;
    this.heading = element("summary");
    this.list = element("ul");
    this.details = element("details", {}, [this.heading, this.list]);
    place.replaceChildren(this.details);
    this.clear();
  }

  clear() {
    this.place.hidden = true;
    this.details.open = false;
    this.wasClosing = false;
  }

  show({ missing, stage }, words) {
    const parts = Array.isArray(missing) ? missing : [];
    this.heading.textContent = say(words, parts.length === 1 ? "lacksOne" : "lacks", parts.length);
    this.list.replaceChildren(...parts.map((part) => missingItem(part, words)));
    this.place.hidden = parts.length === 0;
    if (stage === "closing" && !this.wasClosing) this.details.open = this.wasClosing = true;
  }
}

/** A part of the note that nobody has said yet: which, why it counts as missing, what to ask. */
export function missingItem({ part, why, ask }, words) {
  return element("li", { class: "statement missing" }, [
    outsideText("span", say(words, part ?? ""), words, "label"), outsideText("span", why, words), outsideText("span", ask, words, "more"),
  ]);
}

/** What the caller still waits for, and what was promised so far. */
export class Open {
  constructor(place, turns) {
    Object.assign(this, { place, turns });
    this.clear();
  }

  clear() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  show({ open_questions: questions, promises }, words) {
    const told = JSON.stringify([questions, promises]);
    if (told === this.told && this.place.firstChild) return; // a reader may be in there
    this.told = told;
    const parts = [
      this.part(words.open_questions, questions ?? [], words),
      this.part(words.follow_ups, (promises ?? []).map(({ promise, owner, due }) => ({ ...promise, more: [owner, due].filter(Boolean).join(", ") })), words),
    ].filter(Boolean);
    this.place.replaceChildren(...parts);
    this.place.hidden = parts.length === 0;
  }

  part(title, statements, words) {
    if (statements.length === 0) return null;
    const items = statements.map(({ text, turn_ids: turnIds, more }) => this.turns.tie(element("li", { class: "statement" }, [
      outsideText("span", text, words), more ? outsideText("span", more, words, "more") : null, this.turns.link(turnIds, words),
    ]), turnIds));
    return element("section", { class: "part" }, [element("h4", { text: title }), element("ul", {}, items)]);
  }
}

// The account note at hang-up: the text to paste, and every statement with the turns it rests on.

import { element, outsideText } from "./demo_dom.js";
import { say } from "./demo_words.js";

/** Fill `place` with the note; `conversation` ties its statements to their turns. */
export function showNote(place, note, conversation, words) {
  const maker = new NoteParts(conversation, words);
  const text = outsideText("pre", note.text, words, "note-text");
  const said = element("span", { className: "copy-said", role: "status" });
  const copy = element("button", { type: "button", id: "copy-note", className: "main", text: words.copy });
  copy.addEventListener("click", () => copyText(note.text ?? "", { text, said, words }));
  place.lang = note.language ?? "";
  place.replaceChildren(
    element("div", { className: "note-head" }, [
      element("h3", { id: "note-title", text: words.note }),
      outsideText("code", note.disposition_code ?? "", words),
      note.edited_by ? element("span", { className: "tag", text: words.edited }) : null,
      said, copy,
    ]),
    text,
    element("details", { className: "parts", open: "" }, [element("summary", { text: words.rests }), ...maker.parts(note)]),
  );
  place.hidden = false;
}

async function copyText(wanted, { text, said, words }) {
  try {
    await navigator.clipboard.writeText(wanted);
    said.textContent = words.copied;
  } catch {
    window.getSelection().selectAllChildren(text);
    said.textContent = words.copyFailed;
  }
}

class NoteParts {
  constructor(conversation, words) {
    this.conversation = conversation;
    this.words = words;
  }

  parts(note) {
    const { words } = this;
    const list = (key) => this.part(key, (note[key] ?? []).map((statement) => this.statement(statement)));
    return [
      this.part("reason", [this.statement(note.reason, note.reason_code)]),
      this.part("outcome", [this.statement(note.outcome, note.outcome_code)]),
      this.part("verification", [this.verification(note.verification)]),
      list("red_flags"),
      list("actions"),
      list("facts"),
      list("told"),
      this.part("offers", (note.offers ?? []).map((offer) => this.offer(offer))),
      this.part("follow_ups", (note.follow_ups ?? []).map((followUp) => this.followUp(followUp))),
      list("open_questions"),
      list("disclosures_read"),
      this.part("ticket_ids", (note.ticket_ids ?? []).map((ticket) => outsideText("li", ticket, words))),
      this.fields(note.fields ?? []),
    ].filter(Boolean);
  }

  part(key, items) {
    const shown = items.filter(Boolean);
    if (shown.length === 0) return null;
    return element("section", { className: "part" }, [
      element("h4", { text: say(this.words, key) }), element("ul", {}, shown),
    ]);
  }

  statement(statement, code, more = "") {
    if (!statement?.text && !code) return null;
    const { text = "", turn_ids: turnIds = [], support = 1 } = statement ?? {};
    const weak = support < 1 ? say(this.words, "support", Math.round(support * 100)) : "";
    const item = element("li", { className: "statement" }, [
      code ? outsideText("code", code, this.words) : null,
      outsideText("span", text, this.words),
      more ? outsideText("span", more, this.words, "more") : null,
      weak ? element("span", { className: "tag weak", text: weak }) : null,
      this.conversation.link(turnIds, this.words),
    ]);
    return this.conversation.tie(item, turnIds);
  }

  verification(verification) {
    if (!verification) return null;
    const { result, level, method, turn_ids: turnIds } = verification;
    const text = [say(this.words, `result_${result}`), say(this.words, `level_${level}`)].join(" · ");
    return this.statement({ text, turn_ids: turnIds }, "", method ? say({}, method) : "");
  }

  offer({ presented, outcome, answer }) {
    const turnIds = [...(presented?.turn_ids ?? []), ...(answer?.turn_ids ?? [])];
    return this.statement({ ...presented, turn_ids: turnIds }, "", say(this.words, outcome));
  }

  followUp({ promise, owner, due }) {
    const who = this.words[owner] ?? owner ?? "";
    return this.statement(promise, "", [who, due ? `${this.words.due} ${due}` : ""].filter(Boolean).join(", "));
  }

  fields(fields) {
    if (fields.length === 0) return null;
    const { words } = this;
    const rows = fields.map(({ name, value, turn_ids: turnIds }) => this.conversation.tie(
      element("tr", {}, [
        outsideText("th", say({}, name), words),
        outsideText("td", value, words),
        element("td", {}, [this.conversation.link(turnIds, words)]),
      ]),
      turnIds,
    ));
    for (const row of rows) row.firstChild.scope = "row";
    const heads = [words.field, words.value, words.turns].map((text) => element("th", { text, scope: "col" }));
    return element("section", { className: "part" }, [
      element("h4", { text: words.fields }),
      element("div", { className: "table" }, [
        element("table", {}, [element("thead", {}, [element("tr", {}, heads)]), element("tbody", {}, rows)]),
      ]),
    ]);
  }
}

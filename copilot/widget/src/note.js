// The account note at hang-up: the text to paste, and every statement with the turns it rests on.

import { element, momentInWords, outsideText } from "./dom.js";
import { button, copy } from "./forms.js";
import { missingItem } from "./summary.js";
import { say } from "./words.js";

const DUE = { exact: "at", day: "byEndOf", window: "atLatest" };

/** Fill `place` with the note; `turns` ties its statements to their turns. */
export function showNote(place, note, turns, words, desk) {
  const maker = new NoteParts(turns, words, note.language);
  const text = outsideText("pre", note.text, words, "note-text");
  const said = element("span", { class: "copy-said", role: "status" });
  const copyNote = button(words.copy, async () => {
    said.textContent = (await copy(note.text ?? "")) ? words.copied : words.copyFailed;
    if (said.textContent !== words.copied) window.getSelection().selectAllChildren(text);
    desk.tell("copied", { what: "note", card_id: null, text: note.text ?? "" });
  }, { id: "copy-note" });
  place.lang = note.language ?? "";
  const missing = maker.missing(note.missing ?? []);
  const rests = element("summary", { text: words.rests });
  place.replaceChildren(
    element("div", { class: "note-head" }, [
      element("h3", { id: "note-title", text: words.note }),
      outsideText("code", note.disposition_code ?? "", words),
      ...marks(note, words),
      said, copyNote,
    ]),
    text,
    ...desk.handles(note, words),
    ...(missing ? [missing] : []),
    element("details", { class: "parts", open: "" }, [rests, ...maker.parts(note)]),
  );
  place.hidden = false;
}

/** Who has had a hand in the note: who signed or edited it and why, what worded it, which version it is. */
function marks({ signed_by: signedBy, edited_by: editedBy, edit_reason: why, worded_by: wordedBy, version }, words) {
  return [
    signedBy ? ["tag signed", say(words, "signed", signedBy)] : null,
    editedBy ? ["tag", say(words, "edited", editedBy) + (why ? ` (${why})` : "")] : null,
    wordedBy ? ["tag", say(words, "wordedBy", wordedBy)] : null,
    version > 1 ? ["tag", say(words, "version", version)] : null,
  ].filter(Boolean).map(([className, text]) => outsideText("span", text, words, className));
}

class NoteParts {
  constructor(turns, words, language) {
    Object.assign(this, { turns, words, language });
  }

  parts(note) {
    const { words } = this;
    const list = (key) => this.part(key, (note[key] ?? []).map((statement) => this.statement(statement)));
    return [
      this.part("reason", [this.statement(note.reason, note.reason_code)]),
      this.part("outcome", [this.statement(note.outcome, note.outcome_code)]),
      this.part("verification", [this.verification(note.verification)]),
      list("red_flags"),
      this.part("actions", (note.actions ?? []).map((action) => this.action(action))),
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
    return element("section", { class: "part" }, [
      element("h4", { text: say(this.words, key) }), element("ul", {}, shown),
    ]);
  }

  statement(statement, code, more = "") {
    if (!statement?.text && !code) return null;
    const { text = "", turn_ids: turnIds = [], support = 1, edited } = statement ?? {};
    const weak = support < 1 && !edited ? say(this.words, "support", Math.round(support * 100)) : "";
    const item = element("li", { class: "statement" }, [
      code ? outsideText("code", code, this.words) : null,
      outsideText("span", text, this.words),
      more ? outsideText("span", more, this.words, "more") : null,
      weak ? element("span", { class: "tag weak", text: weak }) : null,
      edited ? element("span", { class: "tag", text: this.words.editedSentence }) : null,
      this.turns.link(turnIds, this.words),
    ]);
    return this.turns.tie(item, turnIds);
  }

  /** What the pack requires of this note and nobody has said; it stands outside the text to paste. */
  missing(parts) {
    return this.part("missing", parts.map((part) => missingItem(part, this.words)));
  }

  action(action) {
    const { words } = this;
    const change = action.from || action.to ? [action.from ? `${words.from} ${action.from}` : "", action.to ? `→ ${action.to}` : ""] : [];
    const amount = action.amount ? `${words.amount} $${action.amount}` : "";
    const system = action.system ? say(words, action.system) : "";
    return this.statement(action, "", [change.filter(Boolean).join(" "), amount, system].filter(Boolean).join(", "));
  }

  verification(verification) {
    if (!verification) return null;
    const { result, level, method, turn_ids: turnIds, attempts_failed: failed } = verification;
    const text = [say(this.words, `result_${result}`), say(this.words, `level_${level}`)].join(" · ");
    const more = [method ? say({}, method) : "", failed ? say(this.words, "failedTries", failed) : ""].filter(Boolean);
    return this.statement({ text, turn_ids: turnIds }, "", more.join(", "));
  }

  offer({ presented, outcome, answer, refusal_reason: refusal, price, duration }) {
    const turnIds = [presented, answer, refusal].flatMap((statement) => statement?.turn_ids ?? []);
    const why = refusal?.text ? `${this.words.because} “${refusal.text}”` : "";
    const more = [say(this.words, outcome), ...(price ?? []), duration, why].filter(Boolean).join(", ");
    return this.statement({ ...presented, turn_ids: [...new Set(turnIds)] }, "", more);
  }

  followUp({ promise, owner, due, due_at: dueAt, due_precision: precision, channel }) {
    const { words } = this;
    const moment = momentInWords(dueAt, this.language, precision !== "day");
    const when = moment ? say(words, DUE[precision] ?? "atLatest", moment) : "";
    const said = due ? `${words.due} “${due}”` : "";
    const how = channel ? say(words, `channel_${channel}`) : "";
    const who = words[owner] ?? owner ?? "";
    const more = [who, said && when ? `${said} = ${when}` : said || when, how].filter(Boolean).join(", ");
    return this.statement(promise, "", more);
  }

  fields(fields) {
    if (fields.length === 0) return null;
    const { words } = this;
    const rows = fields.map(({ name, value, turn_ids: turnIds }) => this.turns.tie(
      element("tr", {}, [
        outsideText("th", say({}, name), words),
        outsideText("td", value, words),
        element("td", {}, [this.turns.link(turnIds, words)]),
      ]),
      turnIds,
    ));
    for (const row of rows) row.firstChild.scope = "row";
    const heads = [words.field, words.value, words.turnMany].map((text) => element("th", { text, scope: "col" }));
    return element("section", { class: "part" }, [
      element("h4", { text: words.fields }),
      element("div", { class: "table" }, [
        element("table", {}, [element("thead", {}, [element("tr", {}, heads)]), element("tbody", {}, rows)]),
      ]),
    ]);
  }
}

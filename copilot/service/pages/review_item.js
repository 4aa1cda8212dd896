// One draft beside the item it answers and the sources it rests on; a sentence and its sources light up together.

import { button, element, fill, fromNow, moment, outside, table } from "./console_dom.js";
import { changes } from "./review_diff.js";
import { statusIn } from "./review_words.js";

// a place that a draft leaves open for somebody to fill in
const ASKED = /^\s*\[(?:[\w ]+ is asked:|Se pregunta a )/;

/** The text as pieces: sentences of the draft that stand in it, and what lies between them. */
export function pieces(text, sentences) {
  const found = [];
  let at = 0;
  for (const sentence of sentences) {
    const place = text.indexOf(sentence.text, at);
    if (place < 0 || !sentence.text) continue;
    if (place > at) found.push({ text: text.slice(at, place) });
    found.push({ text: sentence.text, sentence });
    at = place + sentence.text.length;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}

export class ItemPanes {
  constructor({ words, language }) {
    this.words = words;
    this.language = language;
    this.marked = null;
  }

  /** What they wrote, with the points they raise. */
  item({ given, draft }) {
    const { words } = this;
    const told = [
      given.author && `${words.from} ${given.author}`,
      given.body_id,
      given.reference && `${words.reference} ${given.reference}`,
      given.received_at && `${words.received} ${moment(given.received_at, this.language)}`,
    ].filter(Boolean);
    const parts = [element("p", { className: "soft", dir: "auto", text: told.join(" · ") })];
    if (given.title) parts.push(outside("p", given.title, { className: "strong" }));
    parts.push(element("blockquote", { className: "words", dir: "auto" }, this.#quoted(given.text, draft.allegations)));
    if (given.desired) parts.push(element("h4", { text: words.desired }), outside("p", given.desired));
    if (draft.allegations.length) parts.push(element("h4", { text: words.points }), this.#points(draft.allegations));
    if (draft.flags.length) parts.push(element("h4", { text: words.flags }), this.#flags(draft.flags));
    const facts = Object.entries(given.facts ?? {});
    if (facts.length) {
      const lines = facts.flatMap(([name, value]) => [outside("dt", name), outside("dd", value)]);
      parts.push(element("h4", { text: words.facts }), element("dl", { className: "pairs" }, lines));
    }
    if (given.thread?.length) {
      const lines = given.thread.map((each) => outside("li", `${each.ours ? words.ours : each.author}: ${each.text}`));
      parts.push(element("h4", { text: words.thread }), element("ol", { className: "plain" }, lines));
    }
    return parts;
  }

  /** The text as it stands, each sentence to be lit up. */
  draft({ text, draft }) {
    if (!text) return [element("p", { className: "soft", text: this.words.noText })];
    const parts = pieces(text, draft.sentences).map((piece) => this.#piece(piece));
    return [element("div", { className: "words letter", dir: "auto", lang: draft.language }, parts)];
  }

  /** What the sentences rest on. */
  sources(found) {
    const { words } = this;
    if (!found.length) return [element("p", { className: "soft", text: words.noSources })];
    return [element("ol", { className: "sources plain" }, found.map((each) => {
      const kind = each.kind === "item" ? words.itemKind : words[each.kind] ?? each.kind;
      const made = element("li", { className: "source", tabindex: "0" }, [
        element("p", { className: "soft" }, [
          element("span", { className: "tag", text: kind }), ` ${each.sentence_ids.join(", ")}`,
        ]),
        each.title && outside("p", each.title, { className: "strong" }),
        each.from && element("p", {
          className: "soft",
          text: fill(words.validity, { from: each.from, to: each.to ?? words.openEnd }),
        }),
        each.quote && outside("blockquote", each.quote, { className: "words" }),
        outside("p", each.ref, { className: "soft ref" }),
      ]);
      made.dataset.sentences = each.sentence_ids.join(" ");
      const light = () => this.light(each.sentence_ids);
      made.addEventListener("click", light);
      made.addEventListener("focus", light);
      return made;
    }))];
  }

  /** The checks, failed ones first. */
  checks(checks) {
    const { words } = this;
    const failed = checks.filter((each) => !each.passed);
    const blocking = failed.filter((each) => each.severity === "blocking").length;
    const told = [
      blocking && fill(words.blocked, { n: blocking }),
      failed.length > blocking && fill(words.warned, { n: failed.length - blocking }),
    ].filter(Boolean);
    const rows = [...failed, ...checks.filter((each) => each.passed)].map((each) => {
      const verdict = each.passed ? words.passed : words[each.severity];
      return element("li", { className: each.passed ? "passed" : each.severity }, [
        element("span", { className: "verdict", text: verdict }),
        element("span", {}, [words.check[each.id] ?? each.id, each.detail ? outside("small", each.detail) : null]),
      ]);
    });
    return [
      element("p", { className: blocking ? "bad strong" : "strong", text: told.join(", ") || words.allPassed }),
      element("ul", { className: "checks plain" }, rows),
    ];
  }

  questions(questions) {
    return questions.length
      ? [element("ul", {}, questions.map((each) => outside("li", `${each.owner}: ${each.text}`)))]
      : [];
  }

  /** The difference of two texts, in words that are marked and named for those who hear the page. */
  diff(before, after) {
    const { words } = this;
    if (before === after) return [element("p", { className: "soft", text: words.noChange })];
    const tags = { gone: "del", new: "ins" };
    const parts = changes(before, after).map(({ kind, text }) => (
      tags[kind] ? element(tags[kind], { text, title: kind === "gone" ? words.gone : words.added }) : text
    ));
    return [element("div", { className: "words letter diff", dir: "auto" }, parts)];
  }

  /** Who did what, when, from the audit log. */
  history({ audit }) {
    const { words } = this;
    const rows = (audit ?? []).map((entry) => {
      const body = JSON.parse(entry.body);
      const more = body.body ?? {};
      const details = [
        body.version && fill(words.version, { n: body.version }),
        (more.reasons ?? []).join(", "), more.comment, more.to && `→ ${more.to}`, body.detail, body.because,
      ].filter(Boolean);
      return [moment(entry.at, this.language), entry.actor, entry.action, details.join(" · ")];
    });
    return [table(words.history, [words.at, words.who, words.what, words.details], rows)];
  }

  /** Light up sentences by their ids, their sources and the points they answer; scrolls to the first source. */
  light(ids, { scroll = false } = {}) {
    this.marked = ids;
    const wanted = new Set(ids);
    const isLit = (list) => (list ?? "").split(" ").some((id) => wanted.has(id));
    for (const part of document.querySelectorAll(".sentence, .source, .point")) {
      part.classList.toggle("lit", part.classList.contains("sentence")
        ? wanted.has(part.dataset.sentence)
        : isLit(part.dataset.sentences));
    }
    if (scroll) document.querySelector(".source.lit")?.scrollIntoView({ block: "nearest" });
  }

  /** Step to the next sentence (`by` 1) or the one before (-1). */
  step(by) {
    const all = [...document.querySelectorAll(".sentence")];
    if (!all.length) return;
    const now = all.findIndex((part) => part.classList.contains("lit"));
    const next = all[(now + by + all.length) % all.length] ?? all[0];
    this.light([next.dataset.sentence], { scroll: true });
    next.focus({ preventScroll: false });
  }

  #piece({ text, sentence }) {
    if (!sentence) {
      return text.trim() ? element("span", { className: "by-hand", text, title: this.words.edited }) : text;
    }
    const kind = ASKED.test(text) ? "asked"
      : !sentence.supported ? "unsupported" : sentence.citations.length ? "cited" : "own";
    const title = { asked: this.words.asked, unsupported: this.words.unsupported, own: this.words.noSource }[kind];
    const made = element("span", {
      className: `sentence ${kind}`, text, title, tabindex: "0", role: "button",
      "aria-label": `${sentence.id}: ${text}${title ? ` (${title})` : ""}`,
    });
    made.dataset.sentence = sentence.id;
    const light = () => this.light([sentence.id], { scroll: true });
    made.addEventListener("click", light);
    made.addEventListener("focus", light);
    return made;
  }

  #quoted(text, allegations) {
    const parts = [];
    let at = 0;
    for (const each of allegations) {
      const place = text.indexOf(each.text, at);
      if (place < 0) continue;
      parts.push(text.slice(at, place), element("mark", { className: "point", text: each.text }));
      parts.at(-1).dataset.sentences = each.answer_sentence_ids.join(" ");
      at = place + each.text.length;
    }
    return [...parts, text.slice(at)];
  }

  #points(allegations) {
    const { words } = this;
    return element("ul", { className: "plain" }, allegations.map((each) => {
      const ids = each.answer_sentence_ids;
      const state = each.open || !ids.length ? words.notAnswered : fill(words.answeredBy, { ids: ids.join(", ") });
      return element("li", {}, [
        element("span", { className: "tag", text: each.topic }), " ",
        ids.length
          ? button(state, () => this.light(ids, { scroll: true }), { className: "link" })
          : element("span", { className: "bad", text: state }),
      ]);
    }));
  }

  #flags(flags) {
    return element("ul", { className: "plain" }, flags.map((each) => element("li", {}, [
      element("span", { className: "tag bad", text: each.flag_id }), " ", outside("q", each.quote.text),
    ])));
  }
}

/** How a draft stands, in short lines. */
export function standing(row, { words, language, me }) {
  const isHeld = row.claimed_by && new Date(row.claimed_until) > new Date();
  const holder = !isHeld ? words.free : row.claimed_by === me.name
    ? fill(words.mine, { when: moment(row.claimed_until, language) })
    : fill(words.held, { who: row.claimed_by });
  const isLate = row.due_at && new Date(row.due_at) < new Date();
  return {
    status: statusIn(words, row.status),
    holder,
    isHeld,
    isMine: Boolean(isHeld) && row.claimed_by === me.name,
    due: row.due_at ? `${isLate ? words.overdue : words.due} ${fromNow(row.due_at, language)}` : words.noDate,
    isLate,
    needs: [row.approvals_needed > 1 && words.needsTwo, row.legal && words.legal].filter(Boolean),
  };
}

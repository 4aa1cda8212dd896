// Cards, newest first, under the script the call is in; what each kind shows.

import { element, outsideText } from "./dom.js";
import { showVerdict } from "./feedback.js";
import { offerContent } from "./offer.js";
import { showSteps } from "./script.js";
import { say } from "./words.js";

const CONTENT = { script: quotesContent, passage: quotesContent, offer: offerContent, answer: answerContent };

export class Cards {
  constructor(place, noCards, { turns, reasons, feedback, desk }) {
    Object.assign(this, { place, noCards, turns, reasons, feedback, desk });
    this.clear();
  }

  clear() {
    this.place.replaceChildren();
    this.noCards.hidden = false;
    this.opened = null; // the last card that came open, and at which turn: { item, at }
    this.script = null; // the card of the script the call is in, which stays above the others: { docId, item }
  }

  /** Show a card. One that was hidden comes again, whole, under its id, or names by `reveals` what it was hidden in. */
  add(card, seq, words) {
    const kind = typeof card.kind === "string" && /^[a-z_]+$/.test(card.kind) ? card.kind : "answer";
    const id = card.card_id ?? card.answer_id ?? `seq-${card.reveals ?? seq}`;
    for (const item of [...this.place.children]) if (isOf(item, id, card.reveals)) this.remove(item);
    const content = card.hidden === true ? hiddenContent : CONTENT[kind] ?? bodyContent;
    const item = element("article", { class: `card ${kind}${card.hidden === true ? " hidden-card" : ""}` }, [
      this.head(card, kind, words), ...content(card, words, this.desk), this.reasons.line(card, words),
    ]);
    item.tabIndex = 0; // a folded card unfolds when it has the focus
    item.append(this.feedback.row(item, card, words));
    item.dataset.cardId = id;
    item.dataset.seq = String(seq);
    this.turns.tie(item, card.turn_ids);
    if (kind === "script" && card.hidden !== true) this.pin(item, card);
    else if (kind === "offer") this.place.prepend(item); // rare, and not to be missed
    else if (this.script) this.script.item.after(item);
    else this.place.prepend(item);
    this.foldSecond(item, kind);
    this.markNewest(item);
    this.desk.tell("card-shown", { card_id: id, kind, title: card.title ?? card.question ?? "", seq });
  }

  /** No more than one card a turn comes open: a script or an offer folds the one before it, others come folded. */
  foldSecond(item, kind) {
    const { opened } = this;
    const at = this.turns.count;
    const goesFirst = kind === "script" || kind === "offer";
    if (opened && opened.at === at && opened.item.isConnected && opened.item !== item) {
      (goesFirst && !opened.item.matches(".script, .offer") ? opened.item : item).classList.add("second");
    }
    if (!item.classList.contains("second")) this.opened = { item, at };
  }

  head(card, kind, words) {
    const step = card.step && card.steps ? say(words, "stepOf", card.step, card.steps) : "";
    const needs = card.needs ? say(words, "needs", say(words, `level_${card.needs}`)) : "";
    const tag = card.hidden === true ? needs : card.reveals ? words.opened : "";
    const title = outsideText("h3", card.title ?? card.question ?? "", words);
    return element("div", { class: "card-head" }, [
      element("p", { class: "kind" }, [
        say(words, kind),
        step ? outsideText("span", step, words, "tag") : null,
        tag ? outsideText("span", tag, words, "tag") : null,
        card.provider ? outsideText("span", say(words, "wordedBy", card.provider), words, "tag") : null,
      ]),
      card.question ? this.reasons.quote(title, card.turn_ids) : title,
    ]);
  }

  /** Put the card of a script on top, in the place of the last one of the same script; that of another is folded. */
  pin(item, card) {
    const docId = card.citations?.[0]?.doc_id;
    if (this.script && this.script.docId === docId) {
      this.script.item.replaceWith(item);
    } else {
      if (this.script) fold(this.script.item);
      this.place.prepend(item);
    }
    this.script = { docId, item };
  }

  /** Show how far the agent is in the script on top: its steps take the place of the quotes. */
  showScript(view, words) {
    if (!this.script || !view?.doc_id || view.doc_id !== this.script.docId) return;
    const { item } = this.script;
    let steps = item.querySelector(".script-steps");
    if (!steps) {
      steps = element("div", { class: "script-steps", lang: view.language ?? "" });
      const head = item.firstChild;
      while (head.nextSibling && !head.nextSibling.matches(".source, .because, .acts")) head.nextSibling.remove();
      head.after(steps);
    }
    showSteps(steps, view, this.turns, words);
    const tag = item.querySelector(".kind .tag");
    if (view.isOver) tag?.remove();
    else tag?.replaceChildren(stepText(view, words));
  }

  /** Tick a line off where a card quotes it. */
  tick({ doc_id: docId, label }, words) {
    for (const quote of this.place.querySelectorAll("blockquote[data-doc]")) {
      const isSaid = quote.dataset.doc === docId && quote.dataset.line === label && !quote.classList.contains("said-line");
      if (!isSaid) continue;
      quote.classList.add("said-line");
      quote.after(element("p", { class: "tick said", text: `✓ ${words.lineSaid}` }));
    }
  }

  /** What somebody thought of a card, here or elsewhere. */
  judged({ card_id: cardId, verdict }) {
    if (verdict === "dismissed") this.dismiss(cardId);
    else for (const item of this.place.children) if (item.dataset.cardId === cardId) showVerdict(item, verdict);
  }

  remove(item) {
    if (this.script?.item === item) this.script = null;
    item.remove();
  }

  dismiss(cardId) {
    for (const item of [...this.place.children]) if (item.dataset.cardId === cardId) this.remove(item);
  }

  markNewest(item) {
    for (const other of this.place.children) other.classList.toggle("newest", other === item);
    this.noCards.hidden = true;
  }
}

function isOf(item, id, reveals) {
  return item.dataset.cardId === id || (reveals !== undefined && item.dataset.seq === String(reveals));
}

function stepText({ current, steps }, words) {
  return current ? say(words, "stepOf", current, steps.length) : words.scriptThrough;
}

/** An earlier script: its title stays, its lines are unfolded by whoever wants them. */
function fold(item) {
  const [head, ...rest] = [...item.children].filter((part) => part.className !== "acts");
  const title = head.querySelector("h3");
  item.replaceChildren(
    head.querySelector(".kind"),
    element("details", { class: "folded" }, [element("summary", {}, [title]), ...rest]),
  );
}

function hiddenContent(card, words) {
  return [outsideText("p", card.next_step, words, "body")];
}

/** A script's lines and a passage's words as quotes, with where they stand. */
export function quotesContent(card, words) {
  const citations = Array.isArray(card.citations) ? card.citations : [];
  if (citations.length === 0) return bodyContent(card, words);
  const isScript = card.kind === "script";
  return citations.flatMap((citation) => {
    const quote = outsideText("blockquote", citation.quote || card.body, words);
    if (isScript) Object.assign(quote.dataset, { doc: citation.doc_id, line: citation.quote });
    return [
      isScript ? outsideText("p", citation.heading, words, "step") : null,
      quote,
      isScript ? null : sourceLine(citation, words),
    ];
  }).concat(isScript ? [sourceLine({ ...citations[0], heading: "" }, words)] : []);
}

function bodyContent(card, words) {
  const citations = Array.isArray(card.citations) ? card.citations : [];
  return [outsideText("p", card.body ?? card.text, words, "body"), ...citations.map((one) => sourceLine(one, words))];
}

/** An answer sentence by sentence, each with the numbers of its sources; what documents disagree on below. */
function answerContent(card, words) {
  const sentences = Array.isArray(card.sentences) ? card.sentences : [];
  if (sentences.length === 0) return bodyContent(card, words);
  const sources = card.sources ?? [];
  const numberOf = new Map(sources.map(({ passage_id: id }, place) => [id, place + 1]));
  return [
    element("p", { class: "body", dir: "auto" }, sentences.flatMap(({ text, citations = [] }) => [
      outsideText("span", text, words),
      element("sup", { text: citations.map((id) => numberOf.get(id)).filter(Boolean).map((n) => `[${n}]`).join("") }),
      " ",
    ])),
    ...(card.conflicts ?? []).map((text) => outsideText("p", text, words, "weak-line")),
    ...sources.map((source, place) => sourceLine(source, words, place + 1)),
    ...(card.withheld ?? []).map((text) => outsideText("p", text, words, "step")),
  ];
}

function sourceLine({ doc_id: docId, heading, effective_from: begin, effective_to: end }, words, number) {
  const validity = [begin ? `${words.from} ${begin}` : "", end ? `${words.until} ${end}` : ""].filter(Boolean).join(" ");
  return element("p", { class: "source" }, [
    element("span", { class: "label", text: number ? `[${number}]` : `${words.source}:` }),
    outsideText("cite", docId, words),
    heading ? outsideText("span", heading, words, "heading") : null,
    validity ? outsideText("span", `${words.valid} ${validity}`, words, "validity") : null,
  ]);
}

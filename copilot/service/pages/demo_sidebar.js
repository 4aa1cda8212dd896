// The right column while the call runs: alerts on top, how far the caller is verified, cards newest first.

import { element, outsideText } from "./demo_dom.js";
import { say } from "./demo_words.js";

const SEVERITIES = ["critical", "high", "medium", "low"];
const SCORE = /^[01]\.\d+$/;

export class Sidebar {
  constructor({ alerts, standing, cards, noCards }, conversation) {
    this.places = { alerts, standing, cards, noCards };
    this.conversation = conversation;
    this.clear();
  }

  clear() {
    for (const place of [this.places.alerts, this.places.standing, this.places.cards]) place.replaceChildren();
    this.places.noCards.hidden = false;
    this.alerts = new Map(); // flag to what is known of it: severity, route, card, turn ids
    this.shown = []; // cards and alerts with the line that says why, for words that must go later
    this.lines = new Map(); // verification, consents, capture: one line each
  }

  /** A red flag, or an alert card; the two come apart and are one alert when they are about the same thing. */
  raise(about, part, words) {
    const before = this.alerts.get(about) ?? { turnIds: [] };
    const alert = { ...before, ...part, turnIds: [...new Set([...before.turnIds, ...part.turnIds])] };
    alert.item = this.alertItem(about, alert, words);
    this.alerts.set(about, alert);
    if (before.item) before.item.replaceWith(alert.item);
    else this.places.alerts.prepend(alert.item);
  }

  alertItem(about, { severity, route, card, turnIds }, words) {
    const known = SEVERITIES.includes(severity) ? severity : "medium";
    const label = SEVERITIES.includes(severity) ? `${words.alert}: ${words[severity]}` : words.alert;
    const item = element("article", { className: `alert ${known}` }, [
      element("p", { className: "kind", text: label }),
      outsideText("h3", card?.title ?? say(words, about), words),
      card ? outsideText("p", card.body, words) : null,
      this.because({ reason: card?.reason, turn_ids: turnIds, more: route ? `${words.sentTo}: ${say(words, route)}` : null }, words),
    ]);
    return this.conversation.tie(item, turnIds);
  }

  addCard(card, words) {
    if (card.kind === "alert") {
      this.raise(card.about, { card, turnIds: card.turn_ids ?? [] }, words);
      return;
    }
    const kind = typeof card.kind === "string" && /^[a-z_]+$/.test(card.kind) ? card.kind : "answer";
    this.dismiss(card.card_id); // a card that was hidden comes again, whole, under its id
    const item = element("article", { className: `card ${kind}` }, [
      element("p", { className: "kind", text: say(words, kind) }),
      outsideText("h3", card.title, words),
      ...this.content(kind, card, words),
      this.because(card, words),
    ]);
    item.dataset.cardId = card.card_id;
    this.places.cards.prepend(this.conversation.tie(item, card.turn_ids));
    this.places.noCards.hidden = true;
  }

  /** A script's lines and a passage's words as quotes with where they stand; else the body and its sources. */
  content(kind, card, words) {
    if (card.hidden === true) return [outsideText("p", card.next_step, words, "body")];
    const citations = Array.isArray(card.citations) ? card.citations : [];
    const quotes = kind === "script" || kind === "passage";
    if (!quotes || citations.length === 0) {
      return [outsideText("p", card.body, words, "body"), ...sources(citations, words)];
    }
    return citations.flatMap((citation) => [
      kind === "script" ? outsideText("p", citation.heading, words, "step") : null,
      outsideText("blockquote", citation.quote || card.body, words),
      kind === "passage" ? sourceLine(citation, words, true) : null,
    ]).concat(kind === "script" ? [sourceLine(citations[0], words, false)] : []);
  }

  because({ reason, turn_ids: turnIds, more }, words) {
    const why = SCORE.test(reason ?? "") ? say(words, "match", reason) : reason;
    const text = outsideText("span", why ?? "", words);
    this.shown.push({ turnIds: turnIds ?? [], text });
    const link = this.conversation.link(turnIds, words);
    if (!why && !link && !more) return null;
    return element("p", { className: "because" }, [
      why || link ? element("span", { className: "label", text: `${words.why}:` }) : null,
      text, link, more ? outsideText("span", more, words, "more") : null,
    ]);
  }

  /** Take back the words quoted from a turn that was found to hold a secret. */
  forgetWordsOf(turnId) {
    for (const { turnIds, text } of this.shown) if (turnIds.includes(turnId)) text.textContent = "";
    for (const { turnIds, card } of this.alerts.values()) if (card && turnIds.includes(turnId)) card.reason = "";
  }

  dismiss(cardId) {
    for (const item of this.places.cards.children) if (item.dataset.cardId === cardId) item.remove();
  }

  verified({ level = "none", result, method, turn_id: turnId }, words) {
    const failed = result === "failed";
    const text = failed ? words.result_failed : say(words, `level_${level}`);
    const more = [method, result === "reported" ? words.result_reported : null].filter(Boolean).join(", ");
    const look = failed ? "bad" : level === "authenticated" || level === "password" ? "good" : "plain";
    this.line("verification", look, `${words.verification}: ${text}`, more, turnId ? [turnId] : [], words);
  }

  consent({ kind, given }, words) {
    const text = `${words.consent} (${say(words, kind)}): ${given ? words.given : words.notGiven}`;
    this.line(`consent ${kind}`, given ? "good" : "bad", text, "", [], words);
  }

  capture(isPaused, words) {
    if (isPaused) this.line("capture", "bad", words.paused, "", [], words);
    else this.lines.get("capture")?.remove();
    if (!isPaused) this.lines.delete("capture");
  }

  degraded(words) {
    this.line("model", "plain", words.degraded, "", [], words);
  }

  line(key, look, text, more, turnIds, words) {
    const line = element("p", { className: `state ${look}` }, [
      outsideText("span", text, words),
      more ? outsideText("span", more, words, "more") : null,
      this.conversation.link(turnIds, words),
    ]);
    if (this.lines.has(key)) this.lines.get(key).replaceWith(line);
    else this.places.standing.append(line);
    this.lines.set(key, this.conversation.tie(line, turnIds));
  }
}

function sources(citations, words) {
  return citations.map((citation) => sourceLine(citation, words, true));
}

function sourceLine({ doc_id: docId, heading, effective_from: begin, effective_to: end }, words, withHeading) {
  const validity = [begin ? `${words.from} ${begin}` : "", end ? `${words.until} ${end}` : ""].filter(Boolean).join(" ");
  return element("p", { className: "source" }, [
    element("span", { className: "label", text: `${words.source}:` }),
    outsideText("cite", docId, words),
    withHeading && heading ? outsideText("span", heading, words, "heading") : null,
    validity ? element("span", { className: "validity", text: `${words.valid} ${validity}` }) : null,
  ]);
}

// The right column: how the call stands, alerts, summary, what the note lacks, the script and the cards.

import { Alerts } from "./demo_alerts.js";
import { Cards } from "./demo_cards.js";
import { Chips } from "./demo_chips.js";
import { Reasons } from "./demo_reasons.js";
import { Missing, Summary } from "./demo_summary.js";

const GATE_CARD = "save_rule";

export class Sidebar {
  constructor({ chips, alerts, summary, missing, cards, noCards }, conversation) {
    this.reasons = new Reasons(conversation);
    const shared = { conversation, reasons: this.reasons };
    this.chips = new Chips(chips, conversation);
    this.alerts = new Alerts(alerts, shared);
    this.summary = new Summary(summary, conversation);
    this.missing = new Missing(missing);
    this.cards = new Cards(cards, noCards, shared);
  }

  clear() {
    for (const part of [this.reasons, this.chips, this.alerts, this.summary, this.missing, this.cards]) part.clear();
  }

  addCard(card, seq, words) {
    if (card.about === GATE_CARD) this.chips.askedToCancel(words);
    if (card.kind === "alert") this.alerts.raise(card.about, { card, turnIds: card.turn_ids ?? [] }, words);
    else this.cards.add(card, seq, words);
  }

  raiseFlag({ flag, severity, route, turn_id: turnId }, words) {
    this.alerts.raise(flag, { severity, route, turnIds: turnId ? [turnId] : [] }, words);
  }

  /** A summary or an answer to a question, in a model's words. */
  answer(body, seq, words) {
    if (body.kind === "summary") this.summary.show(body, words);
    else this.cards.add(body, seq, words);
  }

  /** A turn has other words now: what quoted the old ones lets them go, alerts that rested on them are marked. */
  corrected({ turn_id: turnId, withdraws }, words) {
    this.reasons.forget(turnId);
    this.alerts.forget(turnId);
    this.summary.forget(turnId);
    this.alerts.withdraw(withdraws ?? [], turnId, words);
  }

  /** The call and its script as the service tells them. */
  stands({ call, script }, words) {
    this.chips.saveAttempts(call.save_attempts, words);
    const isOver = call.stage === "ended";
    if (!isOver) this.missing.show(call, words);
    this.cards.showScript(isOver ? { ...script, current: null, isOver } : script, words);
  }

  /** The note takes over. */
  ended() {
    this.alerts.fold();
    this.summary.clear();
    this.missing.clear();
  }
}

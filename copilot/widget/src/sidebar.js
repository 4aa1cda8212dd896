// What stands beside a call: how it stands, alerts, summary, what is open, what the note lacks, the script and the cards.

import { Alerts } from "./alerts.js";
import { Cards } from "./cards.js";
import { Chips } from "./chips.js";
import { Feedback } from "./feedback.js";
import { Reasons } from "./reasons.js";
import { Missing, Open, Summary } from "./summary.js";

const GATE_CARD = "save_rule";

export class Sidebar {
  constructor(parts, turns, desk) {
    const { chips, alerts, summary, missing, open, cards, noCards } = parts;
    this.reasons = new Reasons(turns);
    const shared = { turns, reasons: this.reasons, feedback: new Feedback(desk), desk };
    this.turns = turns;
    this.chips = new Chips(chips, turns);
    this.alerts = new Alerts(alerts, shared);
    this.summary = new Summary(summary, turns);
    this.missing = new Missing(missing);
    this.open = new Open(open, turns);
    this.cards = new Cards(cards, noCards, shared);
  }

  clear() {
    for (const part of Object.values(this)) part.clear();
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
    if (!isOver) this.open.show(call, words);
    this.cards.showScript(isOver ? { ...script, current: null, isOver } : script, words);
  }

  /** The note takes over. */
  ended() {
    this.alerts.fold();
    this.summary.clear();
    this.missing.clear();
    this.open.clear();
  }
}

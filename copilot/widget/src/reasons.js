// Why something is shown: the words that called for it, and the turns they stand in.

import { element, outsideText } from "./dom.js";
import { say } from "./words.js";

const SCORE = /^[01]\.\d+$/;

export class Reasons {
  constructor(turns) {
    this.turns = turns;
    this.clear();
  }

  clear() {
    this.quoting = []; // elements that hold words of turns, for those that must go later
  }

  /** The line that says why; null when there is nothing to say. */
  line({ reason, turn_ids: turnIds, more }, words) {
    const why = SCORE.test(reason ?? "") ? say(words, "match", reason) : reason;
    const text = this.quote(outsideText("span", why ?? "", words), turnIds);
    const link = this.turns.link(turnIds, words);
    if (!why && !link && !more) return null;
    return element("p", { class: "because" }, [
      why || link ? element("span", { class: "label", text: `${words.why}:` }) : null,
      text, link, more ? outsideText("span", more, words, "more") : null,
    ]);
  }

  /** Remember an element that quotes these turns; gives it back. */
  quote(quoting, turnIds) {
    this.quoting.push({ turnIds: turnIds ?? [], quoting });
    return quoting;
  }

  /** Take back the words quoted from a turn whose words were replaced: they may hold a secret. */
  forget(turnId) {
    for (const { turnIds, quoting } of this.quoting) if (turnIds.includes(turnId)) quoting.textContent = "";
  }
}

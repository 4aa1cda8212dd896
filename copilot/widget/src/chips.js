// One line of chips above the cards: how the call stands, each in words, with the turn that says so.

import { element, outsideText } from "./dom.js";
import { say } from "./words.js";

const VERIFIED = ["authenticated", "password"];
const ORDER = ["verification", "recording", "capture", "save", "dispatch", "model"];

export class Chips {
  constructor(place, turns) {
    Object.assign(this, { place, turns });
    this.clear();
  }

  clear() {
    this.place.replaceChildren();
    this.chips = new Map(); // a name to its element
    this.failures = 0;
    this.save = { isAsked: false, wish: null, outcomes: new Map(), told: null };
  }

  started({ channel }, words) {
    this.verification({}, words);
    if (channel === "voice") this.put("recording", "plain", words.noticeNotYet, "", [], words);
    this.capture(false, {}, words);
  }

  verification({ level = "none", result, method, turn_id: turnId }, words) {
    const failed = result === "failed";
    this.failures += failed ? 1 : 0;
    const times = this.failures > 1 ? ` (${this.failures} ×)` : "";
    const text = failed ? `${words.verificationFailed}${times}` : say(words, `level_${level}`);
    const look = failed ? "bad" : VERIFIED.includes(level) ? "good" : "plain";
    this.put("verification", look, text, method ? say({}, method) : "", turnId ? [turnId] : [], words);
  }

  consent(body, words) {
    const { kind, given, turn_id: turnId } = body;
    const turnIds = turnId ? [turnId] : [];
    if (kind === "save_offer") {
      this.save.isAsked = true;
      this.save.wish = given;
      this.showSave(words);
    } else if (kind === "recording") {
      this.put("recording", given ? "good" : "bad", given ? words.noticeGiven : words.recordingRefused, "", turnIds, words);
    } else {
      const name = kind === "dispatch" ? words.dispatch : `${words.consent} (${say(words, kind)})`;
      this.put(kind, given ? "good" : "bad", `${name}: ${given ? words.agreed : words.notAgreed}`, "", turnIds, words);
    }
  }

  capture(isPaused, { reason, turn_id: turnId }, words) {
    const why = isPaused && reason ? say(words, reason) : "";
    this.put("capture", isPaused ? "bad" : "plain", isPaused ? words.paused : words.capturing, why, turnId ? [turnId] : [], words);
  }

  /** From here on it matters how many save attempts are left. */
  askedToCancel(words) {
    this.save.isAsked = true;
    this.showSave(words);
  }

  /** A save attempt that was begun, or how one ended. */
  attempt({ attempt, outcome }, words) {
    if (!Number.isInteger(attempt)) return;
    this.save.isAsked = true;
    this.save.outcomes.set(attempt, outcome ?? this.save.outcomes.get(attempt) ?? "open");
    this.showSave(words);
  }

  /** What the service says of save attempts: rule, how many are left, whether an offer may be named now. */
  saveAttempts(told, words) {
    this.save.told = told;
    this.showSave(words);
  }

  showSave(words) {
    const { isAsked, wish, outcomes, told } = this.save;
    if (!isAsked) return;
    const left = told ? `${words.saveAttempts}: ${say(words, "left", told.left)}` : words.saveAttempts;
    const more = [
      told ? told.rule_id : "",
      told?.may_offer ? words.mayOffer : "",
      told && !told.may_offer && told.left > 0 ? (told.why_not ?? []).slice(0, 1).map((code) => say(words, code)).join("") : "",
      ...[...outcomes].map(([number, outcome]) => `${words.attempt} ${number}: ${say(words, outcome)}`),
      outcomes.size === 0 && wish !== null ? (wish ? words.wantsToHear : words.saidNo) : "",
    ];
    const last = [...outcomes.values()].at(-1);
    const look = last === "accepted" || told?.may_offer ? "good" : wish === false || last === "refused" ? "bad" : "plain";
    this.put("save", look, left, [...new Set(more)].filter(Boolean).join(" · "), [], words);
  }

  /** A model that does not answer is a missing nicety; when it answers again there is nothing to say. */
  model(isDegraded, words) {
    if (isDegraded) this.put("model", "plain", words.degraded, "", [], words);
    else this.drop("model");
  }

  put(name, look, text, more, turnIds, words) {
    const link = this.turns.link(turnIds, words);
    const chip = element("li", { class: `chip ${look}` }, [
      outsideText("span", text, words, "chip-text"), more ? outsideText("span", more, words, "more") : null, link,
    ]);
    chip.dataset.chip = name;
    const before = this.chips.get(name);
    const behind = [...this.place.children].find((other) => placeOf(other.dataset.chip) > placeOf(name));
    if (before) before.replaceWith(chip);
    else this.place.insertBefore(chip, behind ?? null);
    this.chips.set(name, this.turns.tie(chip, turnIds));
  }

  drop(name) {
    this.chips.get(name)?.remove();
    this.chips.delete(name);
  }
}

function placeOf(name) {
  return ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length;
}

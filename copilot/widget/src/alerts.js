// Alerts, newest first. A red flag and the card about it come apart, and are one alert.

import { element, outsideText } from "./dom.js";
import { say } from "./words.js";

const SEVERITIES = ["critical", "high", "medium", "low"];
const GATE = "save_rule"; // what holds until the customer has said no; then come the steps:
const STEPS = "just_cancel";

export class Alerts {
  constructor(place, { turns, reasons }) {
    Object.assign(this, { place, turns, reasons });
    this.clear();
  }

  clear() {
    this.place.replaceChildren();
    this.known = new Map(); // what it is about, to what is known of it: severity, route, card, turn ids, its element
    this.waiting = new Set();
  }

  /** Take in a part of an alert: `severity, route` of a flag, or `card`. What comes at once is shown, and read out, at once. */
  raise(about, { turnIds, ...part }, words) {
    const before = this.known.get(about) ?? { turnIds: [] };
    this.known.set(about, { ...before, ...part, turnIds: [...new Set([...before.turnIds, ...turnIds])] });
    if (this.waiting.size === 0) queueMicrotask(() => this.showWaiting(words));
    this.waiting.add(about);
  }

  showWaiting(words) {
    const waiting = [...this.waiting].filter((about) => this.known.has(about));
    this.waiting.clear();
    if (waiting.some((about) => !this.known.get(about).item)) this.foldOlder(waiting);
    for (const about of waiting) {
      const alert = this.known.get(about);
      const item = this.item(about, alert, words);
      if (alert.item) alert.item.replaceWith(item);
      else this.place.prepend(item);
      alert.item = item;
    }
  }

  item(about, { severity, route, card, turnIds }, words) {
    const known = SEVERITIES.includes(severity) ? severity : "medium";
    const label = SEVERITIES.includes(severity) ? `${words.alert}: ${words[severity]}` : words.alert;
    const more = route ? `${words.sentTo}: ${say(words, route)}` : null;
    const item = element("article", { class: `alert ${known}`, tabindex: "-1" }, [
      element("details", { open: "" }, [
        element("summary", {}, [
          element("span", { class: "kind", text: label }),
          outsideText("h3", card?.title ?? say(words, about), words),
        ]),
        card ? outsideText("p", card.body, words, "body") : null,
        this.reasons.line({ reason: card?.reason, turn_ids: turnIds, more }, words),
      ]),
    ]);
    return this.turns.tie(item, turnIds);
  }

  /** Make room for new alerts: older ones show their title only, except critical ones and a gate that still holds. */
  foldOlder(fresh) {
    for (const [about, { severity, item }] of this.known) {
      const stays = severity === "critical" || (about === GATE && !fresh.includes(STEPS));
      if (item && !stays && !item.matches(":focus-within")) item.firstChild.open = false;
    }
  }

  /** After hang-up all of them show their title only. */
  fold() {
    for (const item of this.place.children) item.firstChild.open = false;
  }

  forget(turnId) {
    for (const { turnIds, card } of this.known.values()) if (card && turnIds.includes(turnId)) card.reason = "";
  }

  /** Mark the alerts whose words were misheard: the corrected turn no longer says them. */
  withdraw(cueIds, turnId, words) {
    for (const about of cueIds) {
      const { item, turnIds } = this.known.get(about) ?? {};
      if (!item || turnIds.some((one) => one !== turnId) || item.classList.contains("withdrawn")) continue;
      item.classList.add("withdrawn");
      item.firstChild.open = false;
      item.querySelector(".kind").after(element("span", { class: "tag", text: words.withdrawn }));
    }
  }
}

// What an agent can do with a card: copy, pin, say whether it helped, dismiss it with a reason. Each has a key.

import { element } from "./dom.js";
import { copy } from "./forms.js";

const REASONS = ["notNow", "wrongCard", "saidAlready", "outdated"];

export class Feedback {
  /** @param {{send: (cardId: string, body: object) => Promise<void>, tell: Function}} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** The buttons of a card. */
  row(item, card, words) {
    const act = (key, name, sign, run) => {
      const made = element("button", { type: "button", class: "act", text: sign, title: `${words[name]} (${key})`, "aria-label": words[name] });
      made.dataset.key = key;
      made.addEventListener("click", run);
      return made;
    };
    const isKnown = card.card_id !== undefined && card.hidden !== true;
    const said = element("span", { class: "copy-said", role: "status" });
    const rate = (verdict) => () => this.send(item, { verdict }, said, words);
    const pin = act("p", "pin", words.pin, () => pin.setAttribute("aria-pressed", String(item.classList.toggle("pinned"))));
    pin.setAttribute("aria-pressed", "false");
    return element("div", { class: "acts" }, [
      act("c", "copyCard", words.copySum, () => this.copy(item, card, said, words)),
      pin,
      ...(isKnown ? [
        act("+", "useful", "+", rate("useful")), act("-", "notUseful", "−", rate("not_useful")),
        act("x", "dismiss", "✕", () => this.askWhy(item, said, words)),
      ] : []),
      said,
    ]);
  }

  async copy(item, card, said, words) {
    const text = textOf(item, card);
    said.textContent = (await copy(text)) ? words.copied : words.copyRefused;
    this.desk.tell("copied", { what: card.kind ?? "card", card_id: card.card_id ?? null, text });
  }

  askWhy(item, said, words) {
    const open = item.querySelector(".whys");
    if (open) {
      open.remove();
      return;
    }
    const whys = element("div", { class: "whys", role: "group", "aria-label": words.dismissWhy }, REASONS.map((reason, at) => {
      const made = element("button", { type: "button", text: `${at + 1} ${words[reason]}` });
      made.dataset.key = String(at + 1);
      made.addEventListener("click", () => this.send(item, { verdict: "dismissed", reason: words[reason] }, said, words));
      return made;
    }));
    said.parentNode.after(whys);
    if (item.matches(":focus-within")) whys.firstChild.focus(); // whoever asked by key goes on by key
  }

  async send(item, body, said, words) {
    try {
      await this.desk.send(item.dataset.cardId, body);
      said.textContent = words.thanks;
    } catch (error) {
      said.textContent = error.status ? error.message : words.noAnswer;
    }
  }
}

/** Show what was thought of a card, here or in another window. */
export function showVerdict(item, verdict) {
  for (const [key, name] of [["+", "useful"], ["-", "not_useful"]]) {
    item.querySelector(`.act[data-key="${key}"]`)?.setAttribute("aria-pressed", String(name === verdict));
  }
}

/** The words worth copying: quotes first, else the text of the card. */
function textOf(item, card) {
  const quotes = [...item.querySelectorAll("blockquote")].map((quote) => quote.textContent);
  return quotes.length > 0 ? quotes.join("\n") : card.body ?? card.text ?? item.querySelector("h3")?.textContent ?? "";
}

// An offer: the words to say, its figures as the service computed them, and every rule it was decided by.

import { element, outsideText } from "./dom.js";
import { say } from "./words.js";

const NOT_FIGURES = new Set(["derivation", "reasons", "say", "name", "offer_id", "offer_type"]);
// What the house earns is no matter of the call; it stands with the rules, behind the key.
const OF_THE_HOUSE = new Set(["dEV", "V0", "C", "C_max", "roi", "odds", "margin_after", "approval_why", "lever"]);

/** What the card of an offer shows; `derivation` is unfolded by its button, or by the key `d`. */
export function offerContent(card, words, desk) {
  const offer = isObject(card.offer) ? card.offer : {};
  const rules = Array.isArray(card.derivation) ? card.derivation : Array.isArray(offer.derivation) ? offer.derivation : [];
  const own = Object.entries(offer).filter(([name]) => !NOT_FIGURES.has(name));
  const house = own.filter(([name]) => OF_THE_HOUSE.has(name));
  return [
    card.body ? outsideText("blockquote", card.body, words, "to-say") : null,
    typeof card.terms === "string" && card.terms ? outsideText("p", card.terms, words, "terms") : null,
    card.advice ? outsideText("p", card.advice, words, "step") : null,
    figures(own.filter(([name]) => !OF_THE_HOUSE.has(name)), words),
    rules.length > 0 || house.length > 0 || card.decision_id ? derivation(card, rules, figures(house, words), words, desk) : null,
    options(card.options, words),
    ...(Array.isArray(card.citations) ? card.citations : []).map(({ doc_id: id, heading }) =>
      outsideText("p", [id, heading].filter(Boolean).join(" · "), words, "source")),
  ];
}

/** What else may be offered, the next best first. */
function options(others, words) {
  if (!Array.isArray(others) || others.length === 0) return null;
  return element("details", { class: "options" }, [
    element("summary", { text: `${words.otherOffers} (${others.length})` }),
    element("ul", {}, others.map(({ name, say: line, terms }) => element("li", { class: "statement" }, [
      outsideText("span", name, words, "label"), outsideText("span", line || terms, words, "more"),
    ]))),
  ]);
}

/** The figures of an offer as they came, one line each; what has parts shows them on its line. */
export function figures(named, words) {
  const rows = named
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => [say(words, name), asText(value, words)])
    .filter(([, text]) => text !== "");
  if (rows.length === 0) return null;
  return element("dl", { class: "figures" }, rows.flatMap(([name, text]) => [
    outsideText("dt", name, words), outsideText("dd", text, words),
  ]));
}

function asText(value, words) {
  if (Array.isArray(value)) return value.map((one) => asText(one, words)).filter(Boolean).join("; ");
  if (isObject(value)) return Object.entries(value).map(([name, one]) => `${say({}, name)} ${asText(one, words)}`).join(", ");
  if (typeof value === "boolean") return value ? words.yes : words.no;
  return String(value ?? "");
}

/** The rules an offer was decided by; where the card does not bring them, they are asked for when somebody wants them. */
function derivation(card, rules, house, words, desk) {
  const list = element("ul");
  const show = (found) => list.replaceChildren(...found.map((rule) => ruleItem(isObject(rule) ? rule : { says: rule }, words)));
  show(rules);
  const details = element("details", { class: "derivation" }, [
    element("summary", {}, [words.derivation, " ", element("kbd", { text: "d" })]), house, list,
  ]);
  details.addEventListener("toggle", async () => {
    if (!details.open || list.firstChild || !card.decision_id) return;
    try {
      show(await desk.rulesOf(card.decision_id, card.offer?.offer_id));
    } catch {
      show([words.noAnswer]);
    }
  });
  return details;
}

function ruleItem({ rule, holds, says }, words) {
  return element("li", { class: holds === false ? "rule fails" : "rule" }, [
    holds === undefined ? null : element("span", { class: "holds", text: holds ? `✓ ${words.holds}` : `✕ ${words.fails}` }),
    outsideText("span", says ?? "", words),
    rule ? outsideText("code", rule, words) : null,
  ]);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// The money panel: what restoring costs, a payment arrangement, part of a month. The service computes; this asks.

import { element, outsideText } from "./dom.js";
import { button, copy, field, form } from "./forms.js";
import { say } from "./words.js";

const KINDS = {
  restore: [["past_due", 1], ["restoration_fee"], ["lines", 0, "numeric"], ["tax_percent"], ["deposit_required"], ["unapplied_credits"], ["current_due"]],
  arrange: [["total", 1], ["instalments", 1, "numeric"], ["every_days", 0, "numeric"], ["down_payment"]],
  prorate: [["price", 1], ["days", 1, "numeric"], ["days_in_period", 1, "numeric"]],
};
const WHOLE = /^\d+$/;

export function moneyPanel(place, api, words) {
  const tabs = Object.keys(KINDS).map((kind) => button(words[kind], () => choose(kind), { role: "tab" }));
  const body = element("div", { role: "tabpanel" });
  const choose = (kind) => {
    for (const [at, name] of Object.keys(KINDS).entries()) tabs[at].setAttribute("aria-selected", String(name === kind));
    body.setAttribute("aria-label", words[kind]);
    body.replaceChildren(moneyForm(kind, api, words));
  };
  place.replaceChildren(element("div", { class: "tabs", role: "tablist", "aria-label": words.money }, tabs), body);
  choose("restore");
}

function moneyForm(kind, api, words) {
  const fields = KINDS[kind].map(([name, isNeeded, mode = "decimal"]) =>
    field(name, say(words, name), "text", { inputmode: mode, ...(isNeeded && { required: "" }) }));
  if (kind === "restore") fields.push(field("include_current", words.include_current, "checkbox"));
  if (kind === "arrange") fields.push(field("hardship", words.hardship, "checkbox"));
  const made = form(fields, words.compute, async (values) => shown(await api.post(`/v1/billing/${kind}`, asAmounts(values)), words), words);
  made.classList.add("money");
  made.addEventListener("keydown", (event) => nextOnEnter(event, made));
  return made;
}

/** Enter on the number pad goes on to the next empty amount, and from the last one computes. */
function nextOnEnter(event, made) {
  if (event.key !== "Enter" || event.target.type !== "text") return;
  const inputs = [...made.querySelectorAll("input[type=text]")];
  const next = inputs.slice(inputs.indexOf(event.target) + 1).find((input) => input.required && input.value === "");
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Amounts as the service takes them: "1.234,50" and "$1,234.50" are 1234.50; counts are numbers. */
export function asAmounts(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => {
    if (value === "on") return [name, true];
    const bare = value.replace(/[$\s]/g, "");
    const point = /,\d{1,2}$/.test(bare) ? bare.replaceAll(".", "").replace(",", ".") : bare.replaceAll(",", "");
    const isCount = WHOLE.test(point) && ["lines", "instalments", "every_days", "days", "days_in_period"].includes(name);
    return [name, isCount ? Number(point) : point];
  }));
}

function shown(answer, words) {
  const { say: sentences, components = [], instalments = [], problems = [] } = answer;
  const sum = answer.total ?? answer.amount;
  const words_to_say = sentences?.[words.code] ?? sentences?.en;
  const rows = [
    ...components.map(({ name, amount, how }) => [say(words, name), how, amount]),
    ...(answer.down_payment ? [[words.down_payment, answer.down_due_on, answer.down_payment]] : []),
    ...instalments.map(({ due_on: on, amount }, at) => [`${at + 1}.`, on, amount]),
  ];
  return [
    answer.allowed === false ? element("p", { class: "weak-line", text: words.notAllowed }) : null,
    ...problems.map((each) => outsideText("p", typeof each === "string" ? each : each.detail ?? each.text ?? JSON.stringify(each), words, "weak-line")),
    element("p", { class: "sum" }, [`${words.total}: `, element("output", { text: `$${sum}` })]),
    element("table", {}, [element("tbody", {}, rows.map(([name, how, amount]) => element("tr", {}, [
      element("th", { scope: "row", text: name }), outsideText("td", how, words), element("td", { class: "number", text: `$${amount}` }),
    ])))]),
    words_to_say ? outsideText("blockquote", words_to_say, words, "to-say") : null,
    button(words.copySum, () => copy(words_to_say ?? sum)),
  ];
}

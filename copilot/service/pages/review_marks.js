// The marks of a scorecard: one line an item, evidence below full, proposals of checks to be taken over.

import { button, element, fill } from "./console_dom.js";

const STEPS = { yes_no: ["1", "0"], zero_half_one: ["1", "0.5", "0"] };

export class Marks {
  /** With `whole` every item that always applies needs its mark: a score of some items says nothing. */
  constructor({ words, language }, sections, subject, prefix, { whole = false } = {}) {
    Object.assign(this, { words, language, prefix, whole });
    this.groups = sections
      .map((section) => ({ ...section, items: section.items.filter((item) => item.subjects.includes(subject)) }))
      .filter((section) => section.items.length);
    this.lines = new Map();
  }

  render() {
    return this.groups.map((section) => element("fieldset", { className: "marks" }, [
      element("legend", { text: `${this.#in(section.title)} (${section.weight} %)` }),
      ...section.items.map((item) => this.#line(item)),
    ]));
  }

  /** Proposals of checks: shown beside the item, and counted only when somebody takes them over. */
  propose(proposals) {
    for (const each of proposals) {
      const line = this.lines.get(each.item_id);
      if (!line || each.mark === null) continue;
      const evidence = (each.evidence ?? []).join(", ");
      line.proposal.replaceChildren(
        `${fill(this.words.proposal, { mark: String(Number(each.mark)) })}${evidence ? ` (${evidence})` : ""} `,
        button(this.words.takeOver, () => {
          line.mark.value = String(Number(each.mark));
          line.evidence.value = evidence;
          line.mark.focus();
        }, { className: "link" }),
      );
    }
  }

  /** What was given, as the server takes it. */
  values() {
    return [...this.lines].filter(([, line]) => line.mark.value !== "").map(([itemId, line]) => ({
      item_id: itemId,
      mark: line.mark.value === "na" ? null : line.mark.value,
      evidence: line.evidence.value.split(",").map((each) => each.trim()).filter(Boolean),
    }));
  }

  #line(item) {
    const { words } = this;
    const id = `${this.prefix}-${item.id}`;
    const options = [["", words.open], ...STEPS[item.marks].map((mark) => [mark, mark])];
    if (item.not_applicable_when) options.push(["na", `${words.notApplicable}: ${this.#in(item.not_applicable_when)}`]);
    const mark = element("select", { id, required: this.whole && !item.not_applicable_when }, options.map(([value, text]) => element("option", { value, text })));
    const evidence = element("input", { type: "text", id: `${id}-evidence`, maxlength: "2000", placeholder: words.evidence, "aria-label": `${words.evidence}: ${this.#in(item.question)}` });
    const proposal = element("small", { className: "proposal" });
    this.lines.set(item.id, { mark, evidence, proposal });
    return element("div", { className: "mark-line" }, [
      element("label", { for: id }, [
        this.#in(item.question), item.critical ? element("small", { className: "bad", text: ` ${words.critical}` }) : null,
      ]),
      mark, evidence, proposal,
    ]);
  }

  #in(words) {
    return words?.[this.language] ?? words?.en ?? "";
  }
}

// Sections of a report as tables: heads, codes and figures in words, evidence as buttons.

import { button, element, fill, moment, outside, table } from "./console_dom.js";

const NUMERIC = /^(value|numerator|denominator|contacts|presented|accepted|acceptance|told_\d|saved_|save_rate|left_out|revenue|cumulative|asked|shown|useful|not_useful|dismissed|silent|total|contacted|reasoned|open|tries|amount)/;
const EVIDENCE = new Set(["evidence", "lost_30", "lost_60", "lost_90"]);
const MOMENTS = new Set(["due_at", "last_at", "at"]);

export class Tables {
  /** @param {{words: object, language: string, named: object, onEvidence: (what: string, ids: string[]) => void}} tools */
  constructor(tools) {
    Object.assign(this, tools);
  }

  /** What a code of a group is called in the reader's language. */
  word(group, code) {
    const found = this.named[group]?.[code];
    const told = found?.[this.language] ?? found?.en;
    return told === undefined ? String(code).replaceAll("_", " ") : (told.title ?? told);
  }

  /** A figure in words: title, value, numerator, denominator, note. */
  figure(row) {
    const told = this.named.kpis[row.kpi_id]?.[this.language] ?? {};
    const filled = (text) => fill(text ?? "", row.figures ?? {});
    const unit = this.word("codes", row.unit);
    return {
      title: told.title ?? row.kpi_id, unit, value: row.value ?? this.words.none, numerator: filled(told.numerator),
      denominator: filled(told.denominator), note: told.note ?? "", excluded: this.excluded(row.excluded ?? []),
    };
  }

  excluded(list) {
    return list.map((each) => `${each.count} ${this.word("excluded", each.why)}`).join(", ");
  }

  /** A button that opens the cases behind a figure; a dash when there are none. */
  evidence(what, ids) {
    if (!ids?.length) return this.words.none;
    const text = fill(this.words.evidence, { n: ids.length });
    return button(text, () => this.onEvidence(what, ids), { className: "link", "aria-label": `${text}: ${what}` });
  }

  /** A section as a table; without some columns where they are told elsewhere. */
  of(name, section, { without = [] } = {}) {
    if (!section.rows.length) return element("p", { className: "soft", text: this.words.nothing });
    const columns = section.columns.filter((column) => !without.includes(column));
    const rows = section.rows.map((row) => columns.map((column) => this.cell(column, row)));
    const numeric = columns.flatMap((column, place) => (NUMERIC.test(column) ? [place] : []));
    return table(this.word("sections", name), columns.map((column) => this.word("columns", column)), rows, { numeric });
  }

  /** A value of a row, as the reader is shown it. */
  cell(column, row) {
    const value = row[column];
    const what = row.name ?? row.cause_code ?? row.kpi_id ?? row.type ?? row.kind ?? "";
    if (EVIDENCE.has(column)) return this.evidence(this.word("codes", what), value);
    if (value === null || value === undefined || value === "") return this.words.none;
    if (column === "kpi_id") return this.word("kpis", value);
    if (column === "excluded") return this.excluded(value) || this.words.none;
    if (MOMENTS.has(column)) return element("span", { className: "when", text: moment(value, this.language) });
    if (column === "overdue" || column === "is_complete") return this.#yesOrNo(column, value);
    if (column === "strays") return String(value.length);
    if (typeof value === "object") return JSON.stringify(value);
    return ["type", "list", "state", "what", "unit"].includes(column) ? this.word("codes", value) : String(value);
  }

  #yesOrNo(column, value) {
    const isBad = column === "overdue" ? value : !value;
    return outside("span", value ? this.words.yes : this.words.no, { className: isBad ? "late" : "" });
  }
}

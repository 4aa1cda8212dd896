// Outreach lists: their proof, their lines, and what became of each, recorded here.

import { button, element, fill, find, freshId, table } from "./console_dom.js";

const RESULTS = { call: "byCall", sms: "bySms", email: "byEmail", none: "noContact" };

export class OutreachLists {
  /** @param {{shell, tables: () => Tables, onChange: () => Promise<void>}} tools */
  constructor(tools) {
    Object.assign(this, tools);
    this.line = null;
    find("touch-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#record();
    });
    find("touch-cancel").addEventListener("click", () => find("touch").close());
  }

  /** The proof of each list: due = contacted + with a reason + open. */
  proofs(section) {
    const { words } = this.shell;
    const cards = section.rows.map((row) => element("div", { className: "figure card" }, [
      element("h3", { text: this.tables().word("codes", row.list) }),
      row.is_complete
        ? element("p", { className: "complete", text: words.complete })
        : element("p", { className: "late", text: fill(words.incomplete, { n: row.open }) }),
      element("p", { text: fill(words.proof, row) }),
    ]));
    const strays = section.rows[0]?.strays.length ?? 0;
    return [
      element("div", { className: "figures" }, cards),
      ...(strays ? [element("p", { className: "late", text: fill(words.strays, { n: strays }) })] : []),
      element("div", { className: "actions no-print" }, [button(words.fromRecords, () => void this.#fromRecords(), { id: "from-records" })]),
    ];
  }

  /** The lines, those still open first, each with a button to record what became of it. */
  lines(section) {
    const { words } = this.shell;
    if (!section.rows.length) return element("p", { className: "soft", text: words.nothing });
    const tables = this.tables();
    const columns = ["list", "customer_id", "at", "amount", "until", "why", "state", "told"];
    const rows = section.rows.map((row) => [
      ...columns.map((column) => tables.cell(column, row)),
      row.state === "open" ? button(words.record, () => this.#open(row), { "aria-label": fill(words.recordFor, { who: row.customer_id }) }) : "",
    ]);
    const heads = [...columns.map((column) => tables.word("columns", column)), words.record];
    return table(tables.word("sections", "outreach_lines"), heads, rows, { numeric: [3] });
  }

  #open(row) {
    const { words } = this.shell;
    this.line = { ...row, touchId: freshId("touch") }; // of this opening: a second press sends the same
    find("touch-title").textContent = fill(words.recordFor, { who: row.customer_id });
    find("touch-message").textContent = "";
    find("touch-reason").value = "";
    find("touch-problem").textContent = "";
    find("touch-result").replaceChildren(...Object.entries(RESULTS).map(([value, name]) => element("option", { value, text: words[name] })));
    find("touch").showModal();
    if (row.list !== "risk") void this.#suggest(row);
  }

  /** The words we may send now, or why we may not; nothing where the customer is not known here. */
  async #suggest(row) {
    const now = new Date();
    const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
    try {
      const body = { kind: row.list, way: "sms", customer_id: row.customer_id, local };
      const made = await this.shell.api.post("/v1/drafts/outreach", body);
      if (this.line?.due_id !== row.due_id) return;
      const why = made.checks.filter((each) => !each.passed).map((each) => each.detail).join("; ");
      find("touch-message").textContent = made.allowed ? made.text : fill(this.shell.words.mayNot, { why });
    } catch (error) {
      if (error.status !== 422) console.warn(error);
    }
  }

  async #record() {
    const { words } = this.shell;
    const way = find("touch-result").value;
    const reason = find("touch-reason").value.trim();
    if (way === "none" && !reason) {
      find("touch-problem").textContent = words.needReason;
      find("touch-reason").focus();
      return;
    }
    const told = way === "none" ? { result: "not_contacted", reason } : { result: "contacted", way };
    const fact = { fact_id: this.line.touchId, at: new Date().toISOString(), due_id: this.line.due_id, agent: this.shell.me.name, ...told };
    try {
      await this.shell.api.post("/v1/insight/facts/touch", { facts: [fact] });
      find("touch").close();
      await this.onChange();
      this.shell.tell(words.recorded, "good");
    } catch (error) {
      find("touch-problem").textContent = error.status ? error.message : words.noServer;
    }
  }

  async #fromRecords() {
    try {
      const made = await this.shell.api.post("/v1/insight/outreach/records", {});
      await this.onChange();
      this.shell.tell(fill(this.shell.words.fromRecordsDone, made), "good");
    } catch (error) {
      this.shell.failed(error);
    }
  }
}

// The page for the weekly meeting of an agent and their coach.

import { button, element, fill, find, freshId, locale, moment, outside, table } from "./console_dom.js";

export class Coaching {
  /** @param {{shell, tables: () => Tables, asked: () => URLSearchParams, known: () => string[]}} tools */
  constructor(tools) {
    Object.assign(this, tools);
    this.agents = [];
    this.agent = "";
    this.page = null;
  }

  get isCoach() {
    return ["supervisor", "admin"].includes(this.shell.me.role);
  }

  /** Ask who there is, and show the page of whoever was chosen; an agent sees their own. */
  async load() {
    try {
      this.agents = this.isCoach ? this.known() : [];
      if (!this.isCoach) this.agent = this.shell.me.name;
      this.page = this.agent ? await this.#ask() : null;
      this.render();
    } catch (error) {
      this.shell.failed(error);
    }
  }

  render() {
    const { words } = this.shell;
    const options = [element("option", { value: "", text: words.chooseAgent }), ...this.agents.map((each) => element("option", { value: each, text: each, selected: each === this.agent }))];
    const chooser = element("select", { id: "agent" }, options);
    chooser.addEventListener("change", () => {
      this.agent = chooser.value;
      void this.load();
    });
    const head = element("div", { className: "card no-print" }, [
      this.isCoach ? element("label", { className: "field" }, [element("span", { text: words.agent }), chooser]) : null,
      this.isCoach && !this.agents.length ? element("p", { className: "soft", text: words.nobody }) : null,
      element("p", { className: "soft", text: words.coachingHelp }),
      this.page ? element("div", { className: "actions" }, [
        button(words.docx, () => void this.#save()),
        button(words.print, () => window.print()),
      ]) : null,
    ]);
    find("coaching-view").replaceChildren(head, ...(this.page ? this.#parts() : []));
  }

  #parts() {
    const { page } = this;
    const { words, language } = this.shell;
    const card = (title, parts, id) => element("section", { className: "card", id }, [element("h2", { text: title }), ...(parts.length ? parts : [element("p", { className: "soft", text: words.nothing })])]);
    const day = (ms) => new Intl.DateTimeFormat(locale(language), { dateStyle: "medium" }).format(new Date(ms));
    const told = `${page.agent} · ${day(Date.parse(page.from))} – ${day(Date.parse(page.to) - 1)}`;
    return [
      card(told, [this.#figures()], "coaching-figures"),
      card(words.strengths, page.strengths.map((each) => element("p", {}, [
        outside("span", `${this.#about(each)} (${fill(words.times, { n: each.times })}) `), this.tables().evidence(this.#about(each), each.evidence),
      ]))),
      card(words.moments, page.moments.map((each) => this.#moment(each)), "coaching-moments"),
      card(words.concerns, page.concerns.map((each) => outside("p", `${words[each.kind] ?? each.kind} · ${each.by}, ${moment(each.at, language)}: ${each.text}`)), "coaching-concerns"),
      card(words.policies, page.policy_changes.map((each) => outside("p", `${each.on}: ${each.title} ${words[each.change]}`))),
      card(words.said, [...page.notes.map((each) => outside("p", `${words[each.kind] ?? each.kind} · ${each.by}, ${moment(each.at, language)}: ${each.text}`)), this.#form()], "coaching-said"),
    ];
  }

  #about(each) {
    return this.page.questions[each.about] ?? this.tables().word("codes", each.about);
  }

  #figures() {
    const { words } = this.shell;
    const rows = this.page.metrics.map((row) => {
      const told = this.tables().figure(row);
      return [told.title, `${told.value} ${told.unit}`, row.before ?? words.none, `${row.numerator} ${told.numerator}`, `${row.denominator} ${told.denominator}`, this.tables().evidence(told.title, row.evidence)];
    });
    const heads = [words.metrics, words.now, words.before, ...["numerator", "denominator", "evidence"].map((each) => this.tables().word("columns", each))];
    return table(words.metrics, heads, rows, { numeric: [1, 2] });
  }

  #moment(each) {
    const { words } = this.shell;
    const quotes = each.quotes.map((quote) => element("li", {}, [
      element("span", { className: "soft", text: `${quote.turn_id} · ${quote.speaker}` }), outside("span", quote.text),
    ]));
    return element("div", { className: `moment ${each.kind}` }, [
      element("p", {}, [element("span", { className: "tag", text: words[each.kind] }), " ", outside("strong", this.#about(each))]),
      each.detail ? outside("p", each.detail) : null,
      element("ul", { className: "quotes plain" }, quotes),
      this.isCoach ? button(`${words.call} ${each.call_id}`, () => this.tables().onEvidence(this.#about(each), [each.call_id]), { className: "link" }) : null,
    ]);
  }

  #form() {
    const { words } = this.shell;
    const kinds = this.isCoach ? ["reply", "agreed", "concern", "answer"] : ["concern", "answer"];
    const kind = element("select", {}, kinds.map((each) => element("option", { value: each, text: words[each] })));
    const notes = [["", words.nothingRe], ...this.page.notes.map((each) => [each.note_id, `${each.by}: ${each.text.slice(0, 60)}`])];
    const re = element("select", {}, notes.map(([value, text]) => element("option", { value, text })));
    const text = element("textarea", { rows: "3", maxlength: "5000", required: true, id: "coaching-text" });
    const field = (name, part) => element("label", { className: "field" }, [element("span", { text: name }), part]);
    const form = element("form", { className: "no-print" }, [
      element("div", { className: "fields" }, [field(words.sayKind, kind), field(words.reTo, re)]),
      field(words.sayText, text),
      element("div", { className: "actions" }, [element("button", { type: "submit", className: "main", text: words.send })]),
    ]);
    const noteId = freshId("note"); // of this form: a second press sends the same note
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const body = { note_id: noteId, agent: this.agent, kind: kind.value, re: re.value, text: text.value };
        await this.shell.api.post("/v1/insight/coaching/notes", body);
        this.page = await this.#ask();
        this.render();
        this.shell.tell(words.saidIt, "good");
      } catch (error) {
        this.shell.failed(error);
      }
    });
    return form;
  }

  #question() {
    const asked = this.asked();
    asked.set("agent", this.agent);
    asked.set("language", this.shell.language);
    return asked;
  }

  #ask() {
    return this.shell.api.get(`/v1/insight/coaching?${this.#question()}`);
  }

  async #save() {
    try {
      await this.shell.api.save(`/v1/insight/coaching.docx?${this.#question()}`, "coaching.docx");
    } catch (error) {
      this.shell.failed(error);
    }
  }
}

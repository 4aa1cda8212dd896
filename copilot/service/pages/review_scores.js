// Scorecards: the scores as they stand, a new one, and the answer to a contest.

import { button, element, fill, find, freshId, moment, outside, table } from "./console_dom.js";
import { Marks } from "./review_marks.js";

export class Scores {
  constructor(shell, codes) {
    Object.assign(this, { shell, codes });
    this.all = [];
    this.given = { subject: "reply", subject_id: "", agent: "" };
  }

  /** Begin a score of something that is known. */
  async prefill(given) {
    this.given = given;
    this.render();
    find("score-title").scrollIntoView();
    await this.#propose();
    find("score-agent").focus();
  }

  render() {
    const { words } = this.shell;
    this.form = element("form", { id: "score-form", className: "card" });
    this.list = element("div", { className: "card", id: "score-list" });
    this.one = element("div", { id: "score-one" });
    this.edits = element("div");
    const editsCard = element("details", { className: "card", id: "score-edits" }, [
      element("summary", { text: words.editsTitle }), this.edits,
    ]);
    // every decided draft is read for it: only when somebody asks
    editsCard.addEventListener("toggle", () => { if (editsCard.open) void this.#loadEdits(); });
    find("scores-view").replaceChildren(this.list, this.one, this.form, editsCard);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    this.list.append(element("h2", { text: words.scoreList }));
    this.#form();
    void this.#load();
  }

  #form() {
    const { words } = this.shell;
    const subjects = this.codes().subjects.map((each) => element("option", { value: each, text: words[each] ?? each, selected: each === this.given.subject }));
    const subject = element("select", { id: "score-subject" }, subjects);
    const field = (id, text, value) => element("label", { className: "field" }, [
      element("span", { text }), element("input", { id, type: "text", required: true, maxlength: "200", value, autocomplete: "off" }),
    ]);
    subject.addEventListener("change", () => {
      this.given = { subject: subject.value, subject_id: find("score-id").value, agent: find("score-agent").value };
      this.form.replaceChildren();
      this.#form();
    });
    this.marks = new Marks(this.shell, this.codes().sections, this.given.subject, "score", { whole: true });
    this.form.replaceChildren(
      element("h2", { id: "score-title", text: words.newScore }),
      element("div", { className: "fields" }, [
        element("label", { className: "field" }, [element("span", { text: words.subject }), subject]),
        field("score-id", words.subjectId, this.given.subject_id),
        field("score-agent", words.agent, this.given.agent),
        button(words.proposals, () => void this.#propose(), { id: "score-proposals" }),
      ]),
      ...this.marks.render(),
      element("label", { className: "field" }, [element("span", { text: words.comment }), element("textarea", { id: "score-comment", rows: "2", maxlength: "5000" })]),
      element("button", { type: "submit", className: "main", text: words.saveScore }),
    );
  }

  async #propose() {
    const id = encodeURIComponent(find("score-id").value.trim());
    if (!id) return;
    const path = this.given.subject === "reply" ? `/v1/console/drafts/${id}/proposals` : `/v1/quality/calls/${id}/proposals`;
    try {
      const found = await this.shell.api.get(path);
      this.marks.propose(found);
      if (!found.length) this.shell.tell(this.shell.words.noProposals);
    } catch (error) {
      this.shell.failed(error);
    }
  }

  async #save() {
    try {
      const made = await this.shell.api.post("/v1/quality/evaluations", {
        evaluation_id: freshId("E"), subject: this.given.subject, subject_id: find("score-id").value.trim(),
        agent: find("score-agent").value.trim(), marks: this.marks.values(), comment: find("score-comment").value,
      });
      this.given = { subject: this.given.subject, subject_id: "", agent: "" };
      this.#form();
      await this.#load();
      this.shell.tell(fill(this.shell.words.scoreSaved, { score: made.score ?? "–" }), "good");
    } catch (error) {
      this.shell.failed(error);
    }
  }

  async #load() {
    const { words, language } = this.shell;
    try {
      this.all = await this.shell.api.get("/v1/quality/evaluations");
    } catch (error) {
      this.shell.failed(error);
      return;
    }
    const rows = this.all.map((each) => [
      moment(each.at, language), words[each.subject] ?? each.subject, each.subject_id, each.agent, each.score ?? "–", each.status,
      button(words.showScore, () => this.#show(each), { className: "link", "aria-label": `${words.showScore} ${each.evaluation_id}` }),
    ]);
    const heads = [words.when, words.subject, words.subjectId, words.agent, words.scoreOf, words.status, words.details];
    this.list.replaceChildren(
      element("h2", { text: words.scoreList }),
      rows.length ? table(words.scoreList, heads, rows, { numeric: [4] }) : element("p", { className: "soft", text: words.noScores }),
    );
  }

  /** How much of the drafts reviewers change, by week and channel, and why. */
  async #loadEdits() {
    const { words } = this.shell;
    try {
      const found = await this.shell.api.get("/v1/quality/edits");
      const rows = found.map((each) => [
        each.week, each.group.replaceAll("_", " "), each.drafts, each.unchanged, `${(100 * each.mean_words).toFixed(0)} %`,
        Object.entries(each.reasons).map(([reason, count]) => `${this.#reason(reason)} ${count}`).join(", "),
      ]);
      const heads = [words.week, words.channel, words.drafts, words.unchanged, words.wordsChanged, words.reasonsOf];
      this.edits.replaceChildren(
        rows.length ? table(words.editsTitle, heads, rows, { numeric: [2, 3, 4] }) : element("p", { className: "soft", text: words.noEdits }),
      );
    } catch (error) {
      this.shell.failed(error);
    }
  }

  #reason(code) {
    const found = this.codes().reasons.find((each) => each.code === code);
    return found?.label[this.shell.language] ?? found?.label.en ?? code;
  }

  #show(each) {
    const { words } = this.shell;
    const rows = each.marks.map((mark) => [mark.item_id, mark.mark ?? words.notApplicable, (mark.evidence ?? []).join(", "), mark.comment ?? ""]);
    const parts = [
      element("h2", { text: `${each.subject_id} · ${each.agent} · ${each.score ?? "–"}`, dir: "auto" }),
      table(words.marks, [words.what, words.mark, words.evidence, words.comment], rows, { numeric: [1] }),
      each.comment ? outside("p", `${each.status === "contested" ? words.contested : each.reviewer}: ${each.comment}`) : null,
    ];
    if (each.status === "contested") parts.push(this.#answer(each));
    this.one.replaceChildren(element("div", { className: "card" }, parts.filter(Boolean)));
    this.one.scrollIntoView({ block: "nearest" });
  }

  #answer(each) {
    const { words } = this.shell;
    const marks = new Marks(this.shell, this.codes().sections, each.subject, "answer");
    const comment = element("textarea", { id: "answer-comment", rows: "2", required: true, maxlength: "5000" });
    const form = element("form", {}, [
      ...marks.render(),
      element("label", { className: "field" }, [element("span", { text: words.answerComment }), comment]),
      element("button", { type: "submit", className: "main", text: words.answerGo }),
    ]);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const values = marks.values();
      try {
        const path = `/v1/quality/evaluations/${encodeURIComponent(each.evaluation_id)}/answer`;
        const made = await this.shell.api.post(path, { comment: comment.value, marks: values.length ? values : null });
        await this.#load();
        this.#show(made);
      } catch (error) {
        this.shell.failed(error);
      }
    });
    return form;
  }
}

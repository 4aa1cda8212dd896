// Calibration: everybody marks the same contacts alone; then the report says how far they agree.

import { button, element, find, outside, table } from "./console_dom.js";
import { Marks } from "./review_marks.js";

export class Calibration {
  constructor(shell, codes) {
    Object.assign(this, { shell, codes });
    this.subject = "call";
  }

  render() {
    const { words } = this.shell;
    const field = (id, text) => element("label", { className: "field" }, [
      element("span", { text }), element("input", { id, type: "text", required: true, maxlength: "100", autocomplete: "off" }),
    ]);
    const subjects = this.codes().subjects.map((each) => element("option", { value: each, text: words[each] ?? each, selected: each === this.subject }));
    const subject = element("select", { id: "calibration-subject" }, subjects);
    subject.addEventListener("change", () => {
      this.subject = subject.value;
      this.render();
    });
    this.marks = new Marks(this.shell, this.codes().sections, this.subject, "calibration", { whole: true });
    const form = element("form", { className: "card" }, [
      element("h2", { text: words.calibration }),
      element("p", { className: "soft", text: words.calibrationHelp }),
      element("div", { className: "fields" }, [
        field("calibration-session", words.session),
        element("label", { className: "field" }, [element("span", { text: words.subject }), subject]),
        field("calibration-id", words.subjectId),
      ]),
      ...this.marks.render(),
      element("div", { className: "actions" }, [
        element("button", { type: "submit", className: "main", text: words.saveRating }),
        button(words.report, () => void this.#report("GET"), { id: "calibration-report-button" }),
        button(words.closeSession, () => void this.#report("POST"), { id: "calibration-close-button" }),
        button(words.allSessions, () => void this.#reportOfAll(), { id: "calibration-all-button" }),
      ]),
    ]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#rate();
    });
    this.found = element("div", { id: "calibration-report" });
    find("calibration-view").replaceChildren(form, this.found);
  }

  #path() {
    return `/v1/quality/sessions/${encodeURIComponent(find("calibration-session").value.trim())}`;
  }

  async #rate() {
    try {
      const body = { subject: this.subject, subject_id: find("calibration-id").value.trim(), marks: this.marks.values() };
      await this.shell.api.post(`${this.#path()}/marks`, body);
      this.shell.tell(this.shell.words.ratingSaved, "good");
    } catch (error) {
      this.shell.failed(error);
    }
  }

  /** The report of a closed session; POST closes it first. */
  async #report(method) {
    if (!find("calibration-session").reportValidity()) return;
    const asked = method === "POST" ? this.shell.api.post(`${this.#path()}/close`) : this.shell.api.get(this.#path());
    await this.#show(asked, find("calibration-session").value);
  }

  /** Verdicts need the contacts of several sessions. */
  async #reportOfAll() {
    await this.#show(this.shell.api.get("/v1/quality/agreement"), this.shell.words.allSessions);
  }

  async #show(asked, name) {
    const { words } = this.shell;
    try {
      const { items, drift } = await asked;
      const figure = (value) => (value === null ? "–" : value.toFixed(2));
      const rows = items.map((each) => [
        each.item_id, each.measure, figure(each.value), each.low === null ? "–" : `${figure(each.low)} – ${figure(each.high)}`,
        figure(each.observed), each.subjects, each.raters, each.verdict,
      ]);
      const heads = [words.what, words.measure, words.value, words.interval, words.observed, words.subjects, words.raters, words.verdict];
      const far = Object.entries(drift).map(([rater, { points, too_far: isFar }]) => [rater, points, isFar ? words.tooFar : words.fine]);
      this.found.replaceChildren(element("div", { className: "card" }, [
        outside("h2", `${words.report}: ${name}`),
        table(words.report, heads, rows, { numeric: [2, 3, 4, 5, 6] }),
        table(words.drift, [words.rater, words.drift, words.verdict], far, { numeric: [1] }),
      ]));
    } catch (error) {
      this.shell.failed(error);
    }
  }
}

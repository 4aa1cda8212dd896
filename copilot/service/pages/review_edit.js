// Editing a draft with the server's checks while one types, and the length as the channel counts it.

import { button, element, fill, find } from "./console_dom.js";

const PAUSE_MS = 250;

export class Editor {
  /**
   * @param {object} item as the server gives it
   * @param {{api, words, language, panes, reasons}} tools
   * @param {{onSave: (text: string, reasons: string[]) => Promise<void>, onCancel: () => void, onChecks: (parts) => void}} hooks
   */
  constructor(item, tools, hooks) {
    Object.assign(this, { item, tools, hooks });
    this.asking = null;
    this.timer = 0;
    this.box = element("textarea", { id: "edit-text", rows: "14", maxlength: "20000", spellcheck: true, dir: "auto", lang: item.draft.language });
    this.box.value = item.text;
    this.count = element("p", { id: "edit-count", className: "count", "aria-live": "polite" });
    this.problem = element("p", { id: "edit-problem", className: "bad", role: "alert" });
    this.box.setAttribute("aria-describedby", "edit-count");
    this.box.addEventListener("input", () => this.#soon());
  }

  /** Whether there is something to lose. */
  get isDirty() {
    return this.box.value !== this.item.text;
  }

  render() {
    const { words, language, reasons } = this.tools;
    this.boxes = reasons.map((each) => element("input", { type: "checkbox", name: "edit-reason", value: each.code }));
    const labels = reasons.map((each, place) => element("label", { className: "switch" }, [this.boxes[place], ` ${each.label[language] ?? each.label.en}`]));
    const form = element("form", { id: "editor", className: "editor" }, [
      element("label", { className: "field", for: "edit-text", text: words.editText }),
      this.box,
      this.count,
      element("fieldset", {}, [element("legend", { text: words.why }), ...labels]),
      this.problem,
      element("div", { className: "actions" }, [
        element("button", { type: "submit", className: "main", text: words.save }),
        button(words.cancel, () => this.hooks.onCancel()),
      ]),
    ]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void this.#save();
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.hooks.onCancel();
      }
    });
    void this.check();
    return form;
  }

  focus() {
    this.box.focus();
    this.box.setSelectionRange(0, 0);
    this.box.scrollTop = 0;
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), PAUSE_MS);
    this.count.textContent = this.tools.words.counting;
  }

  /** Ask for the checks of what stands in the box; a newer question aborts the older. */
  async check() {
    this.asking?.abort();
    const mine = this.asking = new AbortController();
    const { api, words } = this.tools;
    try {
      const path = `/v1/console/drafts/${encodeURIComponent(this.item.draft_id)}/check`;
      const found = await api.post(path, { text: this.box.value }, mine.signal);
      if (mine.signal.aborted) return;
      const unit = words[found.counting];
      const told = found.limit === null ? fill(words.lengthFree, { n: found.length, unit }) : fill(words.length, { n: found.length, max: found.limit, unit });
      this.count.textContent = [told, found.over > 0 && fill(words.over, { n: found.over }), found.masked && words.masked].filter(Boolean).join(" · ");
      this.count.classList.toggle("bad", found.over > 0);
      this.hooks.onChecks(found.checks, this.box.value);
    } catch (error) {
      if (mine.signal.aborted) return;
      this.count.textContent = error.status ? error.message : words.noCheck;
      this.count.classList.add("bad");
    }
  }

  async #save() {
    const chosen = this.boxes.filter((box) => box.checked).map((box) => box.value);
    if (this.boxes.length && !chosen.length) {
      this.problem.textContent = this.tools.words.needReason;
      find("editor").querySelector("[name=edit-reason]").focus();
      return;
    }
    this.problem.textContent = "";
    await this.hooks.onSave(this.box.value, chosen);
  }
}

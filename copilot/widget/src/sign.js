// The note in the hands of the agent: edit it, sign it. What other windows do with it is shown here too.

import { element } from "./dom.js";
import { button, field, form, problem } from "./forms.js";
import { showNote } from "./note.js";
import { wordsOf } from "./words.js";

export class NoteDesk {
  /** @param {{api: Api, turns: Turns, tell: Function, path: () => string, agent: () => {name: string, isFixed: boolean}, changed: () => void}} desk */
  constructor(place, desk) {
    Object.assign(this, { place, ...desk });
    this.clear();
  }

  clear() {
    this.place.hidden = true;
    this.place.replaceChildren();
    this.note = null;
    this.isEditing = false;
  }

  /** Show a version of the note; while it is being edited it waits. */
  show(note) {
    if (this.note && note.version < this.note.version) return;
    this.note = note;
    if (!this.isEditing) showNote(this.place, note, this.turns, wordsOf(note.language), this);
  }

  async reload() {
    this.show(await this.api.get(`${this.path()}/note`));
  }

  /** What an agent can do with the note. */
  handles(note, words) {
    const edit = button(words.editNote, () => this.edit(words), { key: "e", id: "edit-note" });
    return [element("div", { class: "handles" }, [edit, note.signed_by ? null : this.signForm(words)])];
  }

  signForm(words) {
    const { name, isFixed } = this.agent();
    const who = field("name", words.yourName, "text", { required: "", maxlength: "120", id: "sign-name", value: name, ...(isFixed && { readonly: "" }) });
    const made = form([who], words.sign, async (given) => {
      const signed = await this.api.post(`${this.path()}/note/sign`, given);
      this.took(signed);
      this.tell("signed", { name: given.name, version: signed.version, text: signed.text, disposition_code: signed.disposition_code });
      return [];
    }, words);
    made.classList.add("sign");
    return made;
  }

  edit(words) {
    const from = this.note;
    this.isEditing = true;
    const close = () => {
      this.isEditing = false;
      this.show(this.note);
      this.place.querySelector("#edit-note").focus();
    };
    const fields = [field("text", words.note, "area", { rows: "12", maxlength: "20000" })];
    const why = () => field("edit_reason", words.whyEdit, "text", { required: "", maxlength: "500" });
    if (from.signed_by) fields.push(why());
    const made = form(fields, words.save, async (values) => {
      if (!made.dataset.warned) await this.reload();
      const isOther = this.note.version !== from.version || this.note.signed_by !== from.signed_by;
      if (isOther && !made.dataset.warned) {
        made.dataset.warned = "1";
        if (!from.signed_by && this.note.signed_by) made.firstChild.after(why());
        return [element("p", { class: "weak-line", text: words.changedMeanwhile })];
      }
      this.took(await this.api.ask("PATCH", `${this.path()}/note`, { text: "", ...values }), close);
      return [];
    }, words);
    made.classList.add("edit");
    made.querySelector(".main").after(button(words.cancel, close));
    made.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) made.requestSubmit();
    });
    this.place.replaceChildren(element("h3", { id: "note-title", text: words.editNote }), made);
    const area = made.querySelector("textarea");
    area.value = from.text ?? "";
    area.focus();
  }

  took(note, close = () => {}) {
    this.isEditing = false;
    this.show(note);
    close();
    this.changed();
  }
}

/** The note as it would be if the call ended now. */
export async function showGrowing(place, api, path, words) {
  try {
    const { text } = await api.get(`${path}/note`);
    const line = element("p", { class: "note-text", text: text ?? "" });
    if (place.textContent !== line.textContent) place.replaceChildren(line);
  } catch (error) {
    place.replaceChildren(problem(error, words));
  }
}

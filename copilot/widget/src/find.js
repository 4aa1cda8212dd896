// Asking the documents, and a draft of an answer to something a customer wrote.

import { element, outsideText } from "./dom.js";
import { button, copy, field, form } from "./forms.js";
import { quotesContent } from "./cards.js";
import { say } from "./words.js";

/** A field that searches the documents as the caller of this call may see them. */
export function searchPanel(place, api, callId, words) {
  place.replaceChildren(form([field("q", words.question, "search", { required: "", maxlength: "500" })], words.search, async ({ q }) => {
    const asked = new URLSearchParams({ q, k: "3", call_id: callId });
    const { results, withheld } = await api.get(`/v1/search?${asked}`);
    return [
      ...results.map((found) => passage(found, words)),
      ...withheld.map(({ count, needs }) => element("p", { class: "step", text: `${count} · ${say(words, "needs", say(words, `level_${needs}`))}` })),
      results.length === 0 ? element("p", { text: words.notInDocuments }) : null,
    ];
  }, words));
}

function passage({ title, text, ...found }, words) {
  return element("article", { class: "found" }, [
    outsideText("h4", title, words),
    ...quotesContent({ kind: "passage", citations: [{ ...found, quote: text }] }, words),
    button(words.copyCard, () => copy(text)),
  ]);
}

/** A draft to send once a reviewer has passed it. */
export function draftPanel(place, api, channels, words) {
  const choices = channels.map((channel) => [channel, say({}, channel)]);
  const fields = [field("channel", words.channel, choices), field("text", words.theyWrote, "area", { required: "", rows: "4" })];
  place.replaceChildren(form(fields, words.makeDraft, async ({ channel, text }) => {
    const draft = await api.post(`/v1/drafts?${new URLSearchParams({ channel })}`, { text });
    return [
      outsideText("p", draft.text, words, "note-text"),
      draft.due_at ? outsideText("p", `${words.due} ${draft.due_at}`, words, "step") : null,
      ...(draft.checks ?? []).filter(({ passed }) => !passed).map(({ detail, id }) => outsideText("p", detail || id, words, "weak-line")),
      button(words.copyCard, () => copy(draft.text)),
    ];
  }, words));
}

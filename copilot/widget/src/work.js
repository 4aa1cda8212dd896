// What goes on after the call: cases and tickets with what is owed in them, a packet for another team, new policies.

import { element, momentInWords, outsideText } from "./dom.js";
import { button, copy, field, form, problem } from "./forms.js";
import { figures } from "./offer.js";
import { say } from "./words.js";

export async function workPanel(place, api, path, words) {
  try {
    const work = await api.get(`${path}/work`);
    place.replaceChildren(...[
      list(words.cases, work.cases.map((each) => caseItem(each, words)), words),
      packetForm(api, path, work.routes, words),
    ]);
  } catch (error) {
    place.replaceChildren(problem(error, words));
  }
}

/** What became policy of late, as the reader may see it. */
export function newsItems(news, words) {
  return news.map(({ title, doc_id: docId, effective_from: since }) => element("li", { class: "statement" }, [
    outsideText("span", title, words), outsideText("span", `${docId} · ${words.from} ${since}`, words, "more"),
  ]));
}

function list(title, items, words) {
  return element("section", { class: "part" }, [
    element("h4", { text: title }), items.length > 0 ? element("ul", {}, items) : element("p", { class: "step", text: words.none }),
  ]);
}

function caseItem({ case_id: id, kind, title, status, owner, obligations = [] }, words) {
  return element("li", { class: "statement" }, [
    outsideText("code", id, words), outsideText("span", title, words),
    outsideText("span", [say(words, kind), say(words, `is_${status}`), owner].join(", "), words, "more"),
    obligations.length > 0 ? element("ul", {}, obligations.map(({ what, due_at: due, status: state }) => element("li", {}, [
      outsideText("span", what, words),
      outsideText("span", [due ? momentInWords(due, words.code, true) : "", say(words, `is_${state}`)].filter(Boolean).join(", "), words, "more"),
    ]))) : null,
  ]);
}

function packetForm(api, path, routes, words) {
  const chosen = field("route", words.handTo, routes.map((route) => [route, say(words, route)]));
  return form([chosen], words.makePacket, async ({ route }) => {
    const packet = await api.post(`${path}/packet`, { route });
    const shown = figures(Object.entries(packet), words);
    return [shown, button(words.copyCard, () => copy(shown?.innerText ?? ""))];
  }, words);
}

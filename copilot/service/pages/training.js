// The training page: changes to acknowledge, quizzes with their sources, and who knows what.

import { button, element, fill, find, locale, moment, outside, table } from "./console_dom.js";
import { Shell } from "./console_shell.js";
import { WORDS } from "./training_words.js";

const VIEWS = ["changes", "quiz", "results"];
const MANAGERS = ["supervisor", "admin"];

let changes = [];
let quiz = null; // the one that is being answered
let graded = null; // the last one that was
let people = null;
let about = "basics";

const shell = new Shell(WORDS, { onSignedIn: begin, onLanguage: showAll, views: VIEWS });

async function begin(me) {
  find("tab-results").hidden = !MANAGERS.includes(me.role);
  changes = await shell.api.get("/v1/training/changes");
  people = MANAGERS.includes(me.role) ? await shell.api.get("/v1/training/results") : null;
  showAll();
  shell.tell("");
}

function showAll() {
  showChanges();
  showQuiz();
  showResults();
}

// --- changes -----------------------------------------------------------------------------------------------------------

const dayOf = (iso) => new Intl.DateTimeFormat(locale(shell.language), { dateStyle: "medium", timeZone: "UTC" }).format(new Date(iso));

function showChanges() {
  const { words } = shell;
  const cards = changes.map((change) => {
    const known = change.acknowledged_at
      ? element("p", { className: "soft", text: fill(words.known, { on: moment(change.acknowledged_at, shell.language) }) })
      : button(words.know, () => void acknowledge(change), { className: "main" });
    return element("article", { className: "card" }, [
      outside("h2", change.title, { lang: change.language }),
      element("p", { className: "soft", text: `${dayOf(change.on)} · ${fill(words.what[change.what], { older: change.replaces })} · ${change.doc_id}` }),
      change.now ? element("dl", {}, [
        element("dt", { text: words.was }), outside("dd", change.was, { lang: change.language }),
        element("dt", { text: words.now }), outside("dd", change.now, { lang: change.language }),
      ]) : null,
      known,
    ]);
  });
  find("changes-view").replaceChildren(...(cards.length ? cards : [element("p", { className: "card", text: words.noChanges })]));
}

async function acknowledge(change) {
  try {
    await shell.api.post("/v1/training/acknowledgements", { doc_id: change.doc_id, digest: change.digest });
    changes = await shell.api.get("/v1/training/changes");
    showChanges();
  } catch (error) {
    shell.failed(error);
  }
}

// --- the quiz ----------------------------------------------------------------------------------------------------------

function showQuiz() {
  const { words } = shell;
  const options = [["basics", words.basics], ["changes", words.changed]].map(([value, text]) =>
    element("option", { value, text, selected: value === about }));
  const choice = element("select", { id: "quiz-about" }, options);
  choice.addEventListener("change", () => { about = choice.value; });
  const head = element("div", { className: "card" }, [
    element("p", { className: "soft", text: words.quizHelp }),
    element("div", { className: "actions" }, [element("label", { className: "field inline" }, [element("span", { text: words.about }), choice])]),
    button(words.begin, () => void ask(), { className: "main", id: "quiz-begin" }),
  ]);
  find("quiz-view").replaceChildren(head, ...(quiz ? [questions()] : graded ? answers() : []));
}

async function ask() {
  try {
    quiz = await shell.api.get(`/v1/training/quiz?${new URLSearchParams({ about, language: shell.language })}`);
    graded = null;
    if (!quiz.questions.length) quiz = null;
    showQuiz();
    shell.tell(quiz ? "" : shell.words.noQuiz, quiz ? "" : "bad");
    document.querySelector("#quiz-form input")?.focus();
  } catch (error) {
    shell.failed(error);
  }
}

function questions() {
  const form = element("form", { id: "quiz-form" }, [
    ...quiz.questions.map((each) => element("fieldset", { className: "card" }, [
      outside("legend", each.text, { lang: each.language }),
      ...each.options.map((option) => element("label", { className: "switch" }, [
        element("input", { type: "radio", name: each.question_id, value: option }), ` ${option}`,
      ])),
    ])),
    element("button", { type: "submit", className: "main", text: shell.words.send }),
  ]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(Object.fromEntries(new FormData(form)));
  });
  return form;
}

async function send(given) {
  try {
    graded = await shell.api.post(`/v1/training/quiz/${encodeURIComponent(quiz.quiz_id)}`, { answers: given });
    quiz = null;
    if (people) people = await shell.api.get("/v1/training/results");
    showAll();
    shell.tell(fill(shell.words.score, { right: graded.right, of: graded.questions }), "good");
  } catch (error) {
    shell.failed(error);
  }
}

function answers() {
  const { words } = shell;
  return graded.answers.map(({ is_right: isRight, chosen, right, citation }) => {
    const told = isRight ? words.right : fill(chosen ? words.wrong : words.open, { right });
    return element("article", { className: "card" }, [
      element("h2", { className: isRight ? "good" : "bad", text: told }),
      outside("blockquote", citation.quote),
      outside("p", [citation.title, citation.heading].filter(Boolean).join(" › "), { className: "soft" }),
    ]);
  });
}

// --- results -----------------------------------------------------------------------------------------------------------

function showResults() {
  const { words } = shell;
  if (!people) return;
  const rows = people.map((each) => [
    each.person,
    fill(words.of, { n: each.acknowledged, of: each.changes }),
    each.quizzes.map(({ right, questions: of }) => `${right}/${of}`).join(", ") || "–",
    mostMissed(each.quizzes),
  ]);
  find("results-view").replaceChildren(
    rows.length
      ? element("div", { className: "card" }, [table(words.results, [words.person, words.acknowledged, words.quizzes, words.weak], rows)])
      : element("p", { className: "card", text: words.noResults }),
  );
}

/** The document somebody missed most often, "–" when they missed nothing. */
function mostMissed(quizzes) {
  const counts = new Map();
  for (const { citation } of quizzes.flatMap((each) => each.wrong)) counts.set(citation.title, (counts.get(citation.title) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? "–";
}

shell.keys({ 1: () => shell.open("changes"), 2: () => shell.open("quiz") });
void shell.start();

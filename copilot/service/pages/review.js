// The review console: the queue, one draft beside its item and sources, decisions by key.

import { button, element, fill, find, freshId, moment, outside } from "./console_dom.js";
import { Shell } from "./console_shell.js";
import { Calibration } from "./review_calibration.js";
import { Editor } from "./review_edit.js";
import { ItemPanes, standing } from "./review_item.js";
import { Scores } from "./review_scores.js";
import { WORDS, statusIn } from "./review_words.js";

const REFRESH_MS = 20_000;
const SHOWN = 100;
const LOOK_MS = 700;
const NARROW = window.matchMedia("(width < 64rem)");
const OPEN = ["waiting", "approved_once", "escalated"];

let codes = { reasons: [], sections: [], subjects: [], channels: [], statuses: [], routes: [], adapters: ["file"] };
let rows = [];
let shown = null; // the item that stands in the detail
let sources = [];
let editor = null;
let isBusy = false;
let cameAt = -Infinity; // when a draft came up by itself, behind one that was decided
let pending = null; // a decision whose answer did not come: the same id is sent again

const shell = new Shell(WORDS, { onSignedIn: begin, onLanguage: rewrite, views: ["queue", "scores", "calibration"] });
const scores = new Scores(shell, () => codes);
const calibration = new Calibration(shell, () => codes);
let panes = new ItemPanes(shell);

async function begin() {
  codes = await shell.api.get("/v1/console/words");
  fillFilters();
  showNothing();
  await loadQueue();
  shell.tell("");
  scores.render();
  calibration.render();
}

function rewrite() {
  panes = new ItemPanes(shell);
  fillFilters();
  showQueue();
  scores.render();
  calibration.render();
  if (editor) return; // what is being written stays as it is
  if (shown) showItem();
  else showNothing();
}

// --- the queue ---------------------------------------------------------------------------------------------------------

function fillFilters() {
  const { words } = shell;
  const options = (id, first, values) => {
    const before = find(id).value;
    find(id).replaceChildren(...[["", first], ...values].map(([value, text]) => element("option", { value, text })));
    find(id).value = before;
  };
  options("filter-status", words.openOnes, codes.statuses.map((each) => [each, statusIn(words, each)]));
  options("filter-channel", words.all, codes.channels.map((each) => [each, each.replaceAll("_", " ")]));
}

function question() {
  const asked = new URLSearchParams({ limit: String(SHOWN) });
  for (const each of find("filter-status").value ? [find("filter-status").value] : OPEN) asked.append("status", each);
  if (find("filter-channel").value) asked.set("channel", find("filter-channel").value);
  if (Number(find("filter-risk").value) > 0) asked.set("min_risk", find("filter-risk").value);
  if (find("filter-due").value !== "") {
    asked.set("due_before", new Date(Date.now() + Number(find("filter-due").value) * 86_400_000).toISOString());
  }
  if (find("filter-free").checked) asked.set("unclaimed", "true");
  if (find("filter-legal").checked) asked.set("legal", "true");
  return asked;
}

async function loadQueue() {
  try {
    rows = await shell.api.get(`/v1/reviews?${question()}`);
    showQueue();
  } catch (error) {
    shell.failed(error);
  }
}

function showQueue() {
  const { words } = shell;
  const count = rows.length < SHOWN ? words.inQueue : words.firstOf;
  find("queue-count").textContent = rows.length ? fill(count, { n: rows.length }) : words.none;
  const focused = document.activeElement?.dataset?.draft;
  find("queue").replaceChildren(...rows.map(queueLine));
  if (focused) document.querySelector(`.row[data-draft="${CSS.escape(focused)}"]`)?.focus();
}

function queueLine(row) {
  const state = standing(row, shell);
  const made = element("button", { type: "button", className: "row", onClick: () => void openDraft(row.draft_id) }, [
    element("span", { className: "line" }, [
      element("strong", { text: row.channel.replaceAll("_", " ") }),
      element("span", { className: `risk ${row.risk >= 60 ? "high" : row.risk >= 30 ? "middle" : ""}`, text: `${shell.words.risk} ${row.risk}` }),
    ]),
    element("span", { className: state.isLate ? "bad" : "soft", text: `${state.due} · ${state.status}` }),
    outside("span", row.why, { className: "soft" }),
    state.isHeld ? element("span", { className: "tag", text: state.holder }) : null,
  ]);
  made.dataset.draft = row.draft_id;
  if (shown?.draft_id === row.draft_id) made.setAttribute("aria-current", "true");
  return element("li", {}, [made]);
}

/** Go to the draft behind (1) or before (-1) the one that is shown. */
function move(by) {
  if (!rows.length || !mayLeave()) return;
  const now = rows.findIndex((row) => row.draft_id === shown?.draft_id);
  const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, now + by));
  void openDraft(rows[next].draft_id);
}

// --- one draft ---------------------------------------------------------------------------------------------------------

function showNothing() {
  shown = null;
  find("detail").replaceChildren(element("p", { className: "card soft", text: shell.words.choose }));
}

function mayLeave() {
  if (!editor?.isDirty) return true;
  shell.tell(shell.words.unsaved, "bad");
  editor.focus();
  return false;
}

async function openDraft(draftId, { focus = true } = {}) {
  if (!mayLeave()) return;
  try {
    const path = encodeURIComponent(draftId);
    [shown, sources] = await Promise.all([
      shell.api.get(`/v1/reviews/${path}`),
      shell.api.get(`/v1/console/drafts/${path}/sources`),
    ]);
    closeEditor();
    showQueue();
    showItem();
    shell.tell("");
    const row = document.querySelector(`.row[data-draft="${CSS.escape(draftId)}"]`);
    if (NARROW.matches) find("detail").scrollIntoView(); // the queue stands above it there
    else row?.scrollIntoView({ block: "nearest" });
    if (focus) row?.focus({ preventScroll: true });
  } catch (error) {
    shell.failed(error);
  }
}

function showItem() {
  const { words } = shell;
  const pane = (id, title, parts) => element("section", { className: "pane card", "aria-labelledby": `${id}-title` }, [
    element("h3", { id: `${id}-title`, text: title }), element("div", { id }, parts),
  ]);
  const folded = (id, title, parts) => element("details", { id, className: "card" }, [
    element("summary", { text: title }), element("div", { className: "inside" }, parts),
  ]);
  const last = shown.versions.at(-1);
  const questions = panes.questions(shown.draft.questions);
  find("detail").replaceChildren(
    heading(),
    element("div", { className: "panes" }, [
      pane("pane-item", words.item, panes.item(shown)),
      pane("pane-draft", words.draft, panes.draft(shown)),
      pane("pane-sources", words.sources, panes.sources(sources)),
    ]),
    pane("pane-checks", words.checks, panes.checks(last.checks)),
    ...(questions.length ? [pane("pane-questions", words.questions, questions)] : []),
    folded("changes", words.changes, panes.diff(shown.versions[0].text, shown.text)),
    folded("history", words.history, panes.history(shown)),
  );
  if (shown.versions.length > 1) find("changes").open = true;
}

function heading() {
  const { words } = shell;
  const state = standing(shown, shell);
  const isOpen = OPEN.includes(shown.status);
  const last = shown.versions.at(-1);
  const told = [
    state.status, `${words.risk} ${shown.risk}: ${shown.why}`, state.due, state.holder,
    `${fill(words.version, { n: shown.version })} ${fill(words.by, { who: last.by })}`, ...state.needs,
  ];
  const adapters = element("select", { id: "send-by" }, codes.adapters.map((each) => element("option", { value: each, text: each })));
  const address = element("input", { id: "send-to", type: "text", maxlength: "320", autocomplete: "off" });
  const isFirst = shown.approvals_needed > 1 && shown.status !== "approved_once";
  return element("div", { className: "card heading" }, [
    element("h2", { text: `${shown.channel.replaceAll("_", " ")} · ${shown.item_id}`, dir: "auto" }),
    element("ul", { className: "chips plain" }, told.map((text) => outside("li", text))),
    isOpen ? element("div", { className: "actions", id: "actions" }, [
      button(isFirst ? words.approveOnce : words.approve, approve, { className: "main", id: "approve" }),
      button(words.edit, edit, { id: "edit" }),
      button(words.reject, reject, { id: "reject" }),
      button(words.escalate, escalate, { id: "escalate" }),
      button(state.isMine ? words.release : words.claim, claim, { id: "claim" }),
      button(words.score, score, { id: "score" }),
      element("label", { className: "field inline" }, [element("span", { text: words.sendBy }), adapters]),
      element("label", { className: "field inline" }, [element("span", { text: words.address }), address]),
      button(words.docx, saveLetter, { id: "letter" }),
    ]) : element("div", { className: "actions" }, [
      button(words.score, score, { id: "score" }), button(words.docx, saveLetter, { id: "letter" }),
    ]),
  ]);
}

// --- decisions ---------------------------------------------------------------------------------------------------------

/** Send a decision about the draft that is shown; true when it was taken. */
async function decide(action, more = {}) {
  if (!shown || isBusy) return null;
  isBusy = true;
  const key = JSON.stringify([shown.draft_id, shown.version, action, more]);
  if (pending?.key !== key) pending = { key, id: freshId(action) };
  try {
    const path = `/v1/reviews/${encodeURIComponent(shown.draft_id)}/decision`;
    const done = await shell.api.post(path, { decision_id: pending.id, version: shown.version, action, ...more });
    pending = null;
    return done;
  } catch (error) {
    if (error.status) pending = null; // refused: another try is another decision
    shell.failed(error);
    return null;
  } finally {
    isBusy = false;
  }
}

async function decideAndGoOn(action, more, said) {
  const at = rows.findIndex((row) => row.draft_id === shown?.draft_id);
  const done = await decide(action, more);
  if (!done) return false;
  const told = done.status === "approved_once" ? shell.words.approvedOnce : said;
  await loadQueue();
  const left = rows.filter((row) => row.draft_id !== done.draft_id);
  const next = rows.slice(Math.max(0, at)).find((row) => row.draft_id !== done.draft_id) ?? left.at(-1);
  if (next) {
    await openDraft(next.draft_id);
    cameAt = performance.now();
    shell.tell(`${told} ${fill(shell.words.nextIs, { what: `${next.channel.replaceAll("_", " ")}, ${shell.words.risk} ${next.risk}` })}`, "good");
  } else {
    showNothing();
    showQueue();
    shell.tell(`${told} ${shell.words.noNext}`, "good");
  }
  return true;
}

function approve() {
  if (!shown || editor) return;
  if (performance.now() - cameAt < LOOK_MS) { // a double press would approve what nobody has seen
    shell.tell(shell.words.lookFirst, "bad");
    return;
  }
  void decideAndGoOn("approve", { adapter: find("send-by")?.value ?? "file", address: find("send-to")?.value ?? "" }, shell.words.approved);
}

function reject() {
  if (!shown || !mayLeave()) return;
  const { words, language } = shell;
  const allowed = codes.reasons.filter((each) => each.rejects);
  const boxes = allowed.map((each) => element("label", { className: "switch" }, [
    element("input", { type: "checkbox", name: "reason", value: each.code }), ` ${each.label[language] ?? each.label.en}`,
  ]));
  ask({
    title: words.rejectTitle, go: words.rejectGo,
    body: [element("fieldset", {}, [element("legend", { text: words.rejectWhy }), ...boxes])],
    onGo: (form, comment) => {
      const reasons = form.getAll("reason");
      if (!reasons.length && allowed.length) return words.needReason;
      void decideAndGoOn("reject", { reasons, comment }, words.rejected);
      return "";
    },
  });
}

function escalate() {
  if (!shown || !mayLeave()) return;
  const { words } = shell;
  const options = codes.routes.map((each) => element("option", { value: each, text: each.replaceAll("_", " "), selected: each === "legal" }));
  ask({
    title: words.escalateTitle, go: words.escalateGo,
    body: [element("label", { className: "field" }, [element("span", { text: words.escalateTo }), element("select", { name: "to" }, options)])],
    onGo: (form, comment) => {
      void decideAndGoOn("escalate", { to: form.get("to"), comment }, words.escalated);
      return "";
    },
  });
}

function ask({ title, go, body, onGo }) {
  const form = find("choice-form");
  find("choice-title").textContent = title;
  find("choice-go").textContent = go;
  find("choice-body").replaceChildren(...body);
  find("choice-comment").value = "";
  find("choice-problem").textContent = "";
  form.onsubmit = (event) => {
    event.preventDefault();
    const problem = onGo(new FormData(form), find("choice-comment").value);
    find("choice-problem").textContent = problem;
    if (!problem) find("choice").close();
  };
  find("choice").showModal();
}

async function claim() {
  if (!shown || isBusy) return;
  const { words } = shell;
  const path = `/v1/reviews/${encodeURIComponent(shown.draft_id)}`;
  try {
    if (standing(shown, shell).isMine) {
      await shell.api.post(`${path}/release`);
      await again(words.released);
    } else {
      const row = await shell.api.post(`${path}/claim`);
      await again(fill(words.claimed, { when: moment(row.claimed_until, shell.language) }));
    }
  } catch (error) {
    shell.failed(error);
  }
}

async function claimNext() {
  if (!mayLeave()) return;
  try {
    const row = await shell.api.post("/v1/reviews/next");
    if (!row) {
      shell.tell(shell.words.noneFree);
      return;
    }
    await loadQueue();
    await openDraft(row.draft_id);
    shell.tell(fill(shell.words.claimed, { when: moment(row.claimed_until, shell.language) }), "good");
  } catch (error) {
    shell.failed(error);
  }
}

async function again(said) {
  const draftId = shown.draft_id;
  await loadQueue();
  await openDraft(draftId);
  shell.tell(said, "good");
}

// --- editing -----------------------------------------------------------------------------------------------------------

async function edit() {
  if (!shown || editor || isBusy) return;
  isBusy = true;
  try {
    const row = await shell.api.post(`/v1/reviews/${encodeURIComponent(shown.draft_id)}/claim`);
    Object.assign(shown, { claimed_by: row.claimed_by, claimed_until: row.claimed_until });
    document.querySelector("#detail > .heading").replaceWith(heading());
  } catch (error) {
    shell.failed(error);
    return;
  } finally {
    isBusy = false;
  }
  const item = shown;
  editor = new Editor(item, { ...shell, words: shell.words, language: shell.language, reasons: codes.reasons }, {
    onSave: save,
    onCancel: () => {
      closeEditor();
      showItem();
      find("edit")?.focus();
    },
    onChecks: (checks, text) => {
      find("pane-checks").replaceChildren(...panes.checks(checks));
      find("changes").querySelector(".inside").replaceChildren(...panes.diff(item.text, text));
    },
  });
  find("pane-draft").replaceChildren(editor.render());
  for (const id of ["approve", "edit", "reject", "escalate", "claim", "score"]) if (find(id)) find(id).disabled = true;
  editor.focus();
}

async function save(text, reasons) {
  const done = await decide("edit", { text, reasons });
  if (!done) return;
  closeEditor();
  await again(fill(shell.words.saved, { n: done.version }));
}

function closeEditor() {
  editor?.close();
  editor = null;
}

function score() {
  if (!shown || !mayLeave()) return;
  const drafted = shown.audit?.find((entry) => entry.action === "drafted");
  shell.open("scores");
  void scores.prefill({ subject: "reply", subject_id: shown.draft_id, agent: drafted?.actor ?? "" });
}

function saveLetter() {
  const path = `/v1/console/drafts/${encodeURIComponent(shown.draft_id)}/answer.docx`;
  shell.api.save(path, "answer.docx").catch((error) => shell.failed(error));
}

function unfold(id) {
  const part = find(id);
  if (!part) return;
  part.open = !part.open;
  part.querySelector("summary").focus();
}

// --- keys and beginnings -----------------------------------------------------------------------------------------------

const inQueue = (act) => () => { if (shell.view === "queue") act(); };
shell.keys({
  j: inQueue(() => move(1)),
  k: inQueue(() => move(-1)),
  a: inQueue(approve),
  e: inQueue(() => void edit()),
  r: inQueue(reject),
  x: inQueue(escalate),
  c: inQueue(() => void claim()),
  n: inQueue(() => void claimNext()),
  s: inQueue(score),
  d: inQueue(() => unfold("changes")),
  h: inQueue(() => unfold("history")),
  "]": inQueue(() => panes.step(1)),
  "[": inQueue(() => panes.step(-1)),
  "/": inQueue(() => find("filter-status").focus()),
});
find("choice-cancel").addEventListener("click", () => find("choice").close());
find("filters").addEventListener("change", () => void loadQueue());
find("filters").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("beforeunload", (event) => { if (editor?.isDirty) event.preventDefault(); });
setInterval(() => { if (shell.me && !document.hidden && shell.view === "queue") void loadQueue(); }, REFRESH_MS);
void shell.start();

// The demo page: a small helpdesk. Choose a recorded call, play it, read what was said; the widget stands beside it.

import { Conversation } from "./demo_conversation.js";
import { clock, element } from "./dom.js";
import { loadWords, wordsOf } from "./words.js";

const LANGUAGES = { en: "English", es: "Español" };
// What the widget says of its connection, as this page says it.
const STATES = {
  live: ["playing", "The call is playing."],
  loading: ["loading", "Waiting for the call …"],
  reconnecting: ["reconnecting", "The connection dropped. Reconnecting …"],
  offline: ["reconnecting", "This computer is offline."],
  ended: ["ended", "The call has ended. The note is ready."],
};

const find = (id) => document.getElementById(id);
const copilot = document.querySelector("retention-copilot");
const conversation = new Conversation({ scroller: find("turns-scroller"), list: find("turns"), toEnd: find("to-end") });

let calls = new Map(); // call_id to { title, language, turns }
let words = {};
let retry = () => {};
let progress = { turns: new Set(), t_ms: NaN, total: 0 };

/** States: loading, empty, playing, reconnecting, gone, ended, error. `onRetry` shows the button that runs it. */
function setState(state, text, onRetry, label = "Try again") {
  document.body.dataset.state = state;
  if (find("status").textContent !== text) find("status").textContent = text;
  retry = onRetry ?? (() => {});
  find("retry").hidden = !onRetry;
  find("retry").textContent = label;
}

async function ask(path, options = {}) {
  const response = await fetch(path, { cache: "no-store", ...options });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

async function loadCalls() {
  setState("loading", "Loading the calls …");
  try {
    calls = new Map((await ask("/demo/calls")).map((call) => [call.call_id, call]));
  } catch {
    setState("error", "The server does not answer. Is it running?", start);
    return false;
  }
  fillChooser();
  return true;
}

function fillChooser() {
  const groups = new Map();
  for (const [callId, { title, language, turns }] of calls) {
    const name = LANGUAGES[language] ?? "Other";
    if (!groups.has(name)) groups.set(name, element("optgroup", { label: name }));
    groups.get(name).append(element("option", { value: callId, text: `${title} (${turns} turns)` }));
  }
  const chosen = find("call").value;
  find("call").replaceChildren(...groups.values());
  if (calls.has(chosen)) find("call").value = chosen;
  find("call").disabled = find("play").disabled = calls.size === 0;
}

function empty() {
  if (calls.size > 0) setState("empty", "Choose a call and press Play.");
  else setState("error", "The pack holds no demo calls.", start);
}

async function play() {
  setState("loading", "Starting the call …");
  copilot.removeAttribute("call");
  find("play").disabled = true;
  try {
    const options = { method: "POST", headers: { "Content-Type": "application/json" } };
    const body = JSON.stringify({ call_id: find("call").value, speed: Number(find("speed").value) });
    const { call_id: liveId } = await ask("/demo/plays", { ...options, body });
    history.replaceState(null, "", `#${new URLSearchParams({ call: liveId })}`); // a reload finds the call again
    watch(liveId);
  } catch {
    setState("error", "The server does not answer. Is it running?", play);
  } finally {
    find("play").disabled = false;
  }
}

/** Show a live call from its beginning; the widget follows it and tells this page what it hears. */
function watch(liveId) {
  const call = calls.get(baseOf(liveId));
  conversation.clear();
  find("welcome").hidden = true;
  find("progress").textContent = "";
  progress = { turns: new Set(), t_ms: NaN, total: call?.turns };
  speak(call?.language);
  copilot.removeAttribute("call");
  copilot.setAttribute("call", liveId);
}

/** Take up the language of the call for everything beside it. */
function speak(language) {
  words = wordsOf(language);
  document.querySelector("main").lang = words.code;
  for (const labelled of document.querySelectorAll("[data-words]")) labelled.textContent = words[labelled.dataset.words];
}

/** The demo call that a live call plays. */
function baseOf(liveId) {
  return liveId.replace(/--[^-]+-\d+$/, "");
}

const TAKERS = {
  "call.started": (body) => { if (body.language) speak(body.language); },
  "turn.partial": (body) => conversation.showPartial(body, words),
  "turn.final": (body) => conversation.show(body, "final", words),
  "turn.corrected": (body) => conversation.show(body, "corrected", words),
  "call.ended": () => conversation.dropPartials(),
};

function showProgress({ type, body }) {
  if (type !== "turn.partial") progress.turns.add(body.turn_id);
  progress.t_ms = body.t_ms ?? progress.t_ms;
  const of = progress.total ? ` of ${progress.total}` : "";
  find("progress").textContent = `${clock(progress.t_ms)} · ${progress.turns.size}${of} turns`;
}

function showState({ state, status, message, pause_s: pause }) {
  if (STATES[state]) setState(...STATES[state]);
  else if (state === "gone") setState("gone", `The server does not answer. Trying again in ${pause} s.`);
  else if (state === "denied") setState("error", "The page's token is no longer valid. Reload the page.", () => location.reload(), "Reload");
  else if (state === "error" && status === 404) setState("error", `The server does not know this call. Choose one and press Play. (${message})`);
  else if (state === "error") setState("error", `The server answered ${status}: ${message}`);
}

async function start() {
  copilot.removeAttribute("call");
  if (!(await loadCalls())) return;
  const liveId = new URLSearchParams(location.hash.slice(1)).get("call");
  if (!liveId) {
    empty();
    return;
  }
  if (calls.has(baseOf(liveId))) find("call").value = baseOf(liveId);
  watch(liveId);
}

copilot.addEventListener("copilot-event", ({ detail }) => {
  TAKERS[detail.type]?.(detail.body);
  if (detail.type.startsWith("turn.")) showProgress(detail);
});
copilot.addEventListener("copilot-state", ({ detail }) => showState(detail));
copilot.addEventListener("copilot-turns", (event) => {
  event.preventDefault(); // this page shows the turns itself
  conversation.highlight(event.detail.turn_ids);
  if (event.detail.reveal) conversation.reveal(event.detail.turn_ids[0]);
});
find("chooser").addEventListener("submit", (event) => {
  event.preventDefault();
  void play();
});
find("retry").addEventListener("click", () => retry());
document.addEventListener("keydown", (event) => {
  if (event.key === "t" && !event.ctrlKey && !event.altKey && !event.metaKey && event.composedPath()[0] === document.body) find("turns-scroller").focus();
});
window.addEventListener("hashchange", () => void start());
await loadWords(location.origin);
speak("en");
copilot.token = document.querySelector('meta[name="copilot-token"]').content;
void start();

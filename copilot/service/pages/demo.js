// The demo page: choose a recorded call, play it, and follow its events into the two columns.

import { Conversation } from "./demo_conversation.js";
import { clock, element } from "./demo_dom.js";
import { showNote } from "./demo_note.js";
import { Sidebar } from "./demo_sidebar.js";
import { Refused, detailOf, follow } from "./demo_stream.js";
import { wordsOf } from "./demo_words.js";

const QUIET_MS = 60_000;
const LANGUAGES = { en: "English", es: "Español" };

const find = (id) => document.getElementById(id);
const token = document.querySelector('meta[name="copilot-token"]').content;
const conversation = new Conversation({ scroller: find("turns-scroller"), list: find("turns"), toEnd: find("to-end") });
const sidebar = new Sidebar(
  { alerts: find("alerts"), standing: find("standing"), cards: find("cards"), noCards: find("no-cards") },
  conversation,
);

let calls = new Map(); // call_id to { title, language, turns }
let words = wordsOf("en");
let following = null; // the AbortController of the call being followed
let retry = () => {};
let quietTimer = 0;

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
  if (!response.ok) throw new Refused(response.status, await detailOf(response));
  return response.json();
}

function explain(error, otherwise) {
  if (!(error instanceof Refused)) return otherwise;
  if (error.status === 401) return "The page's token is no longer valid. Reload the page.";
  if (error.status === 404) return `The server does not know this call. Choose one and press Play. (${error.message})`;
  return `The server answered ${error.status}: ${error.message}`;
}

async function loadCalls() {
  setState("loading", "Loading the calls …");
  try {
    calls = new Map((await ask("/demo/calls")).map((call) => [call.call_id, call]));
  } catch (error) {
    setState("error", explain(error, "The server does not answer. Is it running?"), start);
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
  const callId = find("call").value;
  following?.abort();
  clear(calls.get(callId));
  setState("loading", "Starting the call …");
  find("play").disabled = true;
  try {
    const options = { method: "POST", headers: { "Content-Type": "application/json" } };
    const body = JSON.stringify({ call_id: callId, speed: Number(find("speed").value) });
    const { call_id: liveId } = await ask("/demo/plays", { ...options, body });
    history.replaceState(null, "", `#${new URLSearchParams({ call: liveId })}`); // a reload finds the call again
    void watch(liveId);
  } catch (error) {
    setState("error", explain(error, "The server does not answer. Is it running?"), play);
  } finally {
    find("play").disabled = false;
  }
}

function clear(call) {
  conversation.clear();
  sidebar.clear();
  find("note").hidden = true;
  find("note").replaceChildren();
  find("welcome").hidden = true;
  find("progress").textContent = "";
  speak(call?.language);
}

/** Take up the language of the call for everything beside it. */
function speak(language) {
  words = wordsOf(language);
  document.querySelector("main").lang = words === wordsOf("es") ? "es" : "en";
  for (const labelled of document.querySelectorAll("[data-words]")) labelled.textContent = words[labelled.dataset.words];
}

async function watch(liveId) {
  following?.abort();
  const mine = following = new AbortController();
  const call = calls.get(liveId.replace(/--[^-]+-\d+$/, ""));
  const url = `/v1/calls/${encodeURIComponent(liveId)}/events`;
  const progress = { turns: new Set(), t_ms: NaN, total: call?.turns };
  setState("loading", "Waiting for the call …");
  try {
    await follow({ url, token, signal: mine.signal }, {
      onEvent: (event) => { if (!mine.signal.aborted) take(event, progress); },
      onState: (...state) => { if (!mine.signal.aborted) showConnection(...state); },
    });
    if (!mine.signal.aborted) setState("ended", "The call has ended. The note is ready.");
  } catch (error) {
    if (mine.signal.aborted) return;
    if (error.status === 401) setState("error", explain(error), () => location.reload(), "Reload");
    else setState("error", explain(error, `Something went wrong on this page: ${error.message}`));
  } finally {
    if (following === mine) clearTimeout(quietTimer);
  }
}

function showConnection(state, pauseMs, wake) {
  clearTimeout(quietTimer);
  if (state === "live") showPlaying();
  else if (state === "reconnecting") setState(state, "The connection dropped. Reconnecting …", wake, "Try now");
  else setState(state, `The server does not answer. Trying again in ${pauseMs / 1000} s.`, wake, "Try now");
}

function showPlaying() {
  setState("playing", "The call is playing.");
  clearTimeout(quietTimer);
  quietTimer = setTimeout(() => {
    setState("playing", "Nothing was said for a minute. If the server was restarted, press Play to begin again.");
  }, QUIET_MS);
}

const TAKERS = {
  "call.started": (body) => {
    if (body.language) speak(body.language);
    sidebar.verified({}, words);
  },
  "turn.partial": (body) => conversation.show(body, "partial", words),
  "turn.final": (body) => conversation.show(body, "final", words),
  "turn.corrected": (body) => {
    conversation.show(body, "corrected", words);
    sidebar.forgetWordsOf(body.turn_id);
  },
  "alert.raised": (body) => {
    const { flag, severity, route, turn_id: turnId } = body;
    sidebar.raise(flag, { severity, route, turnIds: turnId ? [turnId] : [] }, words);
  },
  "card.shown": (body) => sidebar.addCard(body, words),
  "card.dismissed": (body) => { if (body.verdict !== "useful") sidebar.dismiss(body.card_id); },
  "auth.changed": (body) => sidebar.verified(body, words),
  "consent.changed": (body) => sidebar.consent(body, words),
  "capture.paused": () => sidebar.capture(true, words),
  "capture.resumed": () => sidebar.capture(false, words),
  "model.degraded": (body) => body.degraded !== false && sidebar.degraded(words),
  "note.updated": (body) => showNote(find("note"), body, conversation, wordsOf(body.language)),
};

function take({ type, body }, progress) {
  try {
    TAKERS[type]?.(body);
  } catch (error) {
    console.error(`Event ${type} cannot be shown.`, error); // the others still can
  }
  if (type.startsWith("turn.")) {
    progress.turns.add(body.turn_id);
    progress.t_ms = body.t_ms ?? progress.t_ms;
    const of = progress.total ? ` of ${progress.total}` : "";
    find("progress").textContent = `${clock(progress.t_ms)} · ${progress.turns.size}${of} turns`;
    showPlaying();
  }
}

async function start() {
  following?.abort();
  if (!(await loadCalls())) return;
  const liveId = new URLSearchParams(location.hash.slice(1)).get("call");
  if (!liveId) {
    empty();
    return;
  }
  clear(null);
  await watch(liveId);
}

find("chooser").addEventListener("submit", (event) => {
  event.preventDefault();
  void play();
});
find("retry").addEventListener("click", () => retry());
window.addEventListener("hashchange", () => void start());
void start();

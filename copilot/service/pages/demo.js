// The demo page: choose a recorded call, play it, and follow its events into the two columns.

import { Conversation } from "./demo_conversation.js";
import { clock, element } from "./demo_dom.js";
import { goTo, listenForKeys, toggleDerivation } from "./demo_keys.js";
import { showNote } from "./demo_note.js";
import { Sidebar } from "./demo_sidebar.js";
import { Standing } from "./demo_standing.js";
import { Refused, detailOf, follow } from "./demo_stream.js";
import { wordsOf } from "./demo_words.js";

const QUIET_MS = 60_000;
const LANGUAGES = { en: "English", es: "Español" };

const find = (id) => document.getElementById(id);
const token = document.querySelector('meta[name="copilot-token"]').content;
const conversation = new Conversation({ scroller: find("turns-scroller"), list: find("turns"), toEnd: find("to-end") });
const sidebar = new Sidebar(
  {
    chips: find("chips"), alerts: find("alerts"), summary: find("summary"), missing: find("missing"),
    cards: find("cards"), noCards: find("no-cards"),
  },
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

async function askApi(path) {
  return ask(path, { headers: { Authorization: `Bearer ${token}` } });
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

/** The demo call that a live call plays. */
function baseOf(liveId) {
  return liveId.replace(/--[^-]+-\d+$/, "");
}

async function watch(liveId) {
  following?.abort();
  const mine = following = new AbortController();
  const call = calls.get(baseOf(liveId));
  const path = `/v1/calls/${encodeURIComponent(liveId)}`;
  const standing = new Standing(
    async () => ({ call: await askApi(path), script: await askApi(`${path}/script`) }),
    (told) => { if (!mine.signal.aborted) sidebar.stands(told, words); },
  );
  mine.signal.addEventListener("abort", () => standing.stop());
  const progress = { turns: new Set(), t_ms: NaN, total: call?.turns };
  setState("loading", "Waiting for the call …");
  try {
    await follow({ url: `${path}/events`, token, signal: mine.signal }, {
      onEvent: (event) => {
        if (mine.signal.aborted) return;
        take(event, progress);
        if (event.type !== "turn.partial") standing.changed();
      },
      onState: (...state) => { if (!mine.signal.aborted) showConnection(...state); },
    });
    if (!mine.signal.aborted) showEnded();
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

/** With a language model the stream goes on for a while after the note: its wording may still come. */
function showEnded() {
  clearTimeout(quietTimer);
  setState("ended", "The call has ended. The note is ready.");
}

const TAKERS = {
  "call.started": (body) => {
    if (body.language) speak(body.language);
    sidebar.chips.started(body, words);
  },
  "turn.partial": (body) => conversation.showPartial(body, words),
  "turn.final": (body) => conversation.show(body, "final", words),
  "turn.corrected": (body) => {
    conversation.show(body, "corrected", words);
    sidebar.corrected(body, words);
  },
  "cue.raised": (body) => { if (body.kind === "script") sidebar.cards.tick(body, words); },
  "alert.raised": (body) => sidebar.raiseFlag(body, words),
  "card.shown": (body, seq) => sidebar.addCard(body, seq, words),
  "card.dismissed": (body) => { if (body.verdict !== "useful") sidebar.cards.dismiss(body.card_id); },
  "answer.ready": (body, seq) => sidebar.answer(body, seq, words),
  "auth.changed": (body) => sidebar.chips.verification(body, words),
  "consent.changed": (body) => sidebar.chips.consent(body, words),
  "capture.paused": (body) => sidebar.chips.capture(true, body, words),
  "capture.resumed": (body) => sidebar.chips.capture(false, body, words),
  "offer.shown": (body) => sidebar.chips.attempt(body, words),
  "offer.outcome": (body) => sidebar.chips.attempt(body, words),
  "model.degraded": (body) => sidebar.chips.model(body.degraded !== false, words),
  "call.ended": () => {
    conversation.dropPartials();
    sidebar.ended();
    find("alerts").before(find("note")); // from here on the note comes first
  },
  "note.updated": (body) => {
    showNote(find("note"), body, conversation, wordsOf(body.language));
    showEnded();
  },
};

function take({ type, seq, body }, progress) {
  try {
    TAKERS[type]?.(body, seq);
  } catch (error) {
    console.error(`Event ${type} cannot be shown.`, error); // the others still can
  }
  if (type.startsWith("turn.")) showProgress(type, body, progress);
}

function showProgress(type, body, progress) {
  if (type !== "turn.partial") progress.turns.add(body.turn_id);
  progress.t_ms = body.t_ms ?? progress.t_ms;
  const of = progress.total ? ` of ${progress.total}` : "";
  find("progress").textContent = `${clock(progress.t_ms)} · ${progress.turns.size}${of} turns`;
  showPlaying();
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
  if (calls.has(baseOf(liveId))) find("call").value = baseOf(liveId);
  await watch(liveId);
}

find("chooser").addEventListener("submit", (event) => {
  event.preventDefault();
  void play();
});
find("retry").addEventListener("click", () => retry());
listenForKeys({
  dialog: find("keys"),
  areOn: find("keys-on"),
  button: find("show-keys"),
  close: find("close-keys"),
  actions: {
    d: () => toggleDerivation(find("cards")),
    a: () => goTo(find("alerts")),
    s: () => goTo(find("cards")),
    n: () => goTo(find("note")),
    c: () => goTo(find("turns-scroller")),
  },
});
window.addEventListener("hashchange", () => void start());
void start();

// <retention-copilot>: follows a call of the service and shows beside it what this moment needs.

import { actionsOf, mute } from "./actions.js";
import { Api } from "./api.js";
import { element } from "./dom.js";
import { draftPanel, searchPanel } from "./find.js";
import { frame, label } from "./frame.js";
import { listenForKeys } from "./keys.js";
import { moneyPanel } from "./money.js";
import { Sidebar } from "./sidebar.js";
import { NoteDesk, showGrowing } from "./sign.js";
import { Standing } from "./standing.js";
import { follow } from "./stream.js";
import { Turns } from "./turns.js";
import { newsItems, workPanel } from "./work.js";
import { loadWords, say, wordsOf } from "./words.js";

const HOME = new URL(document.currentScript?.src ?? location.href).origin;
const QUIET_MS = 60_000;
const sheet = new CSSStyleSheet();

async function loadStyle() {
  await sheet.replace(await (await fetch(`${HOME}/widget.css`)).text());
}

const ready = Promise.allSettled([loadStyle(), loadWords(HOME)]);

class RetentionCopilot extends HTMLElement {
  static observedAttributes = ["src", "call", "token", "theme", "density", "lang", "agent"];

  #token = "";
  #leaving = new AbortController();
  #following = null;
  #seen = null;
  #work = null;
  #retry = () => {};
  #wake = () => {};
  #isDue = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.turns = new Turns((name, detail) => this.#tell(name, detail));
  }

  /** The bearer token; a page that sets it here instead of in the attribute keeps it out of its markup. */
  get token() {
    return this.#token || this.getAttribute("token") || "";
  }

  set token(token) {
    this.#token = String(token ?? "");
    this.#tokenChanged();
  }

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    void ready.then(() => { if (!signal.aborted) this.#begin(signal); });
  }

  #begin(signal) {
    if (!this.parts) this.#build();
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.#lineChanged(), { signal });
    const where = this.getAttribute("keys") === "page" ? document : this;
    signal.addEventListener("abort", listenForKeys(where, { dialog: this.parts.dialog, areOn: { get checked() { return this.of.areOn.checked; }, of: this.parts }, actions: actionsOf(this, this.parts, this.acts) }));
    this.channel = new BroadcastChannel("retention-copilot");
    this.channel.onmessage = ({ data }) => { if (data === this.#path && this.note.note) this.note.reload().catch(() => {}); };
    this.#openSoon();
    this.#tell("ready", { call: this.getAttribute("call") });
  }

  disconnectedCallback() {
    this.#stop();
    this.#leaving.abort();
    this.channel?.close();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected || !this.parts) return;
    if (name === "token") this.#tokenChanged();
    else if (name === "lang") this.#speak(now);
    else if (name === "call" || name === "src") this.#openSoon();
  }

  get #base() {
    return (this.getAttribute("src") ?? HOME).replace(/\/$/, "");
  }

  get #path() {
    return `/v1/calls/${encodeURIComponent(this.getAttribute("call"))}`;
  }

  #build() {
    this.words = wordsOf(this.getAttribute("lang") ?? document.documentElement.lang);
    this.api = new Api(() => ({ base: this.#base, token: this.token, signal: this.#leaving.signal }));
    this.acts = {
      retry: () => this.#retry(),
      mute: () => mute(this.parts),
      growing: (place) => showGrowing(place, this.api, this.#path, this.words),
      search: (place) => { if (!place.firstChild) searchPanel(place, this.api, this.getAttribute("call"), this.words); },
      money: (place) => { if (!place.firstChild) moneyPanel(place, this.api, this.words); },
      work: (place) => workPanel(place, this.api, this.#path, this.words),
      draft: (place) => { if (!place.firstChild) draftPanel(place, this.api, this.#work?.channels ?? [], this.words); },
      news: (place) => this.#showNews(place),
    };
    this.parts = frame(this.shadowRoot, this.acts, this.words);
    const tell = (name, detail) => this.#tell(name, detail);
    this.sidebar = new Sidebar(this.parts, this.turns, {
      tell,
      rulesOf: (decisionId, offerId) => this.api.get(`${this.#path}/decisions/${encodeURIComponent(decisionId)}?offer_id=${encodeURIComponent(offerId ?? "")}`),
      send: async (cardId, body) => {
        await this.api.post(`${this.#path}/cards/${encodeURIComponent(cardId)}/feedback`, body);
        this.#tell(body.verdict === "dismissed" ? "dismissed" : "judged", { card_id: cardId, reason: null, ...body });
      },
    });
    this.note = new NoteDesk(this.parts.note, {
      api: this.api, turns: this.turns, tell, path: () => this.#path,
      agent: () => ({ name: this.#work?.agent || (this.getAttribute("agent") ?? ""), isFixed: Boolean(this.#work?.agent) }),
      changed: () => this.channel.postMessage(this.#path),
    });
  }

  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(`copilot-${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  /** States: idle, waiting, loading, live, reconnecting, gone, offline, ended, denied, error. */
  #state(state, detail = {}, onRetry = null) {
    const { box, state: line, retry } = this.parts;
    const text = detail.text ?? say(this.words, `st_${state}`, detail.pause_s ?? "");
    box.dataset.state = state;
    if (line.textContent !== text) line.textContent = text;
    this.#retry = onRetry ?? (() => {});
    retry.hidden = !onRetry;
    this.#tell("state", { state, text, ...detail });
  }

  #openSoon() {
    if (this.#isDue) return;
    this.#isDue = true; // a page that sets several attributes opens one call
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.isConnected) this.#open();
    });
  }

  #open() {
    this.#stop();
    for (const part of [this.turns, this.sidebar, this.note]) part.clear();
    const { drawers, note, who, summary } = this.parts;
    for (const each of drawers.children) {
      each.open = false;
      each.lastChild.replaceChildren();
    }
    summary.before(note);
    who.textContent = "";
    this.#work = null;
    this.#seen = { seq: 0, end: false, note: false };
    this.#speak(this.getAttribute("lang"));
    if (!this.getAttribute("call")) this.#state("idle");
    else if (!this.token) this.#state("waiting");
    else void this.#watch();
  }

  #stop() {
    this.#following?.abort();
    clearTimeout(this.quiet);
  }

  #tokenChanged() {
    const state = this.parts?.box.dataset.state;
    if (state === "denied") void this.#watch(); // goes on where it was
    else if (state === "waiting") this.#openSoon();
  }

  #speak(language) {
    const words = wordsOf(this.getAttribute("lang") ?? language ?? document.documentElement.lang);
    this.parts.box.lang = words.code;
    if (words === this.words) return;
    this.words = words;
    label(this.parts, this.acts, words);
    if (this.parts.box.dataset.state === "live") this.#state("live");
  }

  async #watch() {
    this.#stop();
    const mine = this.#following = new AbortController();
    const { signal } = mine;
    const path = this.#path;
    const standing = new Standing(async () => {
      const [call, script] = await Promise.all([this.api.get(path), this.api.get(`${path}/script`)]);
      return { call, script };
    }, (told) => {
      if (signal.aborted) return;
      this.sidebar.stands(told, this.words);
      if (this.parts.growing.open && told.call.stage !== "ended") this.acts.growing(this.parts.growing.lastChild);
    });
    signal.addEventListener("abort", () => standing.stop());
    this.#state("loading");
    void this.#loadWork(signal);
    try {
      await follow({ url: `${this.#base}${path}/events`, token: () => this.token, signal, seen: this.#seen }, {
        onEvent: (event) => {
          if (signal.aborted) return;
          this.#take(event);
          if (event.type !== "turn.partial") standing.changed();
        },
        onState: (...told) => { if (!signal.aborted) this.#connection(...told); },
      });
      if (!signal.aborted) this.#ended();
    } catch (error) {
      if (signal.aborted) return;
      const isDenied = error.status === 401 || error.status === 403;
      this.#state(isDenied ? "denied" : "error", { status: error.status ?? 0, message: error.message, ...(!isDenied && { text: error.message }) });
      this.#tell("error", { status: error.status ?? 0, message: error.message });
    } finally {
      if (this.#following === mine) clearTimeout(this.quiet);
    }
  }

  #connection(state, pauseMs, wake) {
    clearTimeout(this.quiet);
    this.#wake = wake ?? (() => {});
    if (state === "live") this.#live();
    else this.#state(navigator.onLine ? state : "offline", { pause_s: pauseMs / 1000 }, wake);
  }

  #lineChanged() {
    if (navigator.onLine) this.#wake();
    else if (this.parts.box.dataset.state !== "ended" && this.getAttribute("call")) this.#state("offline", {}, this.#wake);
  }

  #live() {
    if (this.parts.box.dataset.state !== "live") this.#state("live");
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.#state("live", { text: this.words.st_quiet }), QUIET_MS);
  }

  #ended() {
    clearTimeout(this.quiet);
    this.#state("ended");
  }

  async #loadWork(signal) {
    try {
      const work = await this.api.get(`${this.#path}/work`);
      if (signal.aborted) return;
      this.#work = work;
      this.note.signsAs(work.agent);
      const { name, customer_id: id } = work.caller;
      this.parts.who.textContent = [name, id].filter(Boolean).join(" · ");
      this.parts.draft.hidden = work.channels.length === 0;
      const choice = this.parts.draft.querySelector("select"); // opened before we knew them
      if (choice?.length === 0) for (const each of work.channels) choice.add(new Option(each.replaceAll("_", " "), each));
      this.parts.news.hidden = work.news.length === 0;
      this.parts.news.firstChild.firstChild.textContent = `${this.words.news} (${work.news.length})`;
    } catch {
      this.parts.draft.hidden = this.parts.news.hidden = true; // a nicety: everything else goes on without it
    }
  }

  #showNews(place) {
    place.replaceChildren(element("ul", {}, newsItems(this.#work?.news ?? [], this.words)));
  }

  #takers = {
    "call.started": (body) => {
      if (body.language) this.#speak(body.language);
      this.sidebar.chips.started(body, this.words);
    },
    "turn.final": (body) => this.turns.heard(body),
    "turn.corrected": (body) => {
      this.turns.heard(body);
      this.sidebar.corrected(body, this.words);
    },
    "cue.raised": (body) => { if (body.kind === "script") this.sidebar.cards.tick(body, this.words); },
    "alert.raised": (body) => this.sidebar.raiseFlag(body, this.words),
    "card.shown": (body, seq) => this.sidebar.addCard(body, seq, this.words),
    "card.dismissed": (body) => this.sidebar.cards.judged(body),
    "answer.ready": (body, seq) => this.sidebar.answer(body, seq, this.words),
    "auth.changed": (body) => {
      this.sidebar.chips.verification(body, this.words);
      void this.#loadWork(this.#following.signal); // who calls may be told now
    },
    "consent.changed": (body) => this.sidebar.chips.consent(body, this.words),
    "capture.paused": (body) => this.sidebar.chips.capture(true, body, this.words),
    "capture.resumed": (body) => this.sidebar.chips.capture(false, body, this.words),
    "offer.shown": (body) => this.sidebar.chips.attempt(body, this.words),
    "offer.outcome": (body) => this.sidebar.chips.attempt(body, this.words),
    "model.degraded": (body) => this.sidebar.chips.model(body.degraded !== false, this.words),
    "call.ended": () => {
      this.sidebar.ended();
      this.parts.growing.open = false;
      this.parts.alerts.before(this.parts.note); // from here on the note comes first
    },
    "note.updated": (body) => {
      this.note.show(body);
      this.#ended();
    },
  };

  #take(event) {
    try {
      this.#takers[event.type]?.(event.body, event.seq);
    } catch (error) {
      console.error(`Event ${event.type} cannot be shown.`, error); // the others still can
      this.#tell("error", { status: 0, message: `Event ${event.type} cannot be shown.` });
    }
    if (event.type.startsWith("turn.")) this.#live();
    this.#tell("event", event);
  }
}

if (!customElements.get("retention-copilot")) customElements.define("retention-copilot", RetentionCopilot);

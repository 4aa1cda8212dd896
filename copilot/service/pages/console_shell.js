// What both consoles share: signing in, the language, the tabs, the status line, the keys.

import { Api, Refused } from "./console_api.js";
import { find, isTyping } from "./console_dom.js";

const HELD = new Set(["j", "k", "[", "]"]);
const LANGUAGE = "copilot-language";

export class Shell {
  /**
   * @param {{en: object, es: object}} words of the page
   * @param {(me: object) => Promise<void>} onSignedIn fills the page
   * @param {() => void} onLanguage writes what was filled again
   */
  constructor(words, { onSignedIn, onLanguage, views }) {
    this.all = words;
    this.api = new Api();
    this.onSignedIn = onSignedIn;
    this.onLanguage = onLanguage;
    this.views = views;
    this.me = null;
    this.hasBegun = false; // to sign in
    const kept = localStorage.getItem(LANGUAGE) ?? (navigator.language.startsWith("es") ? "es" : "en");
    this.language = kept in words ? kept : "en";
    this.#listen();
  }

  get words() {
    return this.all[this.language];
  }

  async start() {
    this.#speak();
    try {
      const isSignedIn = await this.api.resume();
      if (this.hasBegun) return; // somebody was faster with a token
      if (isSignedIn) await this.#enter();
      else this.#leave("");
    } catch (error) {
      if (!this.hasBegun) this.#leave(this.words.noServer);
      console.warn(error);
    }
  }

  /** A line about what is going on; `kind` is "", "good" or "bad". */
  tell(text, kind = "") {
    const line = find("status");
    line.dataset.kind = kind;
    line.textContent = text;
  }

  /** What went wrong, in words; a token that is no longer good ends the session. */
  failed(error) {
    if (error?.name === "AbortError") return;
    if (error instanceof Refused && error.status === 401) this.#leave(this.words.badToken);
    else if (error instanceof Refused) this.tell(error.message, "bad");
    else {
      console.warn(error);
      this.tell(this.words.noServer, "bad");
    }
  }

  /** Show one of the views. */
  open(name) {
    for (const view of this.views) {
      find(`${view}-view`).hidden = view !== name;
      find(`tab-${view}`).toggleAttribute("aria-current", false);
      if (view === name) find(`tab-${view}`).setAttribute("aria-current", "page");
    }
    this.view = name;
  }

  /** Keys of the page; they act while no field is typed in, and can be switched off (WCAG 2.1.4). */
  keys(actions) {
    document.addEventListener("keydown", (event) => {
      const isBusy = document.querySelector("dialog[open]") || event.ctrlKey || event.altKey || event.metaKey;
      if (!this.me || !find("keys-on").checked || isBusy || isTyping(event.target)) return;
      if (event.repeat && !HELD.has(event.key)) return; // a key that is held down decides once
      const act = event.key === "?" ? () => find("keys").showModal() : actions[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
  }

  #listen() {
    find("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.api.signIn(find("token").value);
      find("token").value = "";
      void this.#enter();
    });
    find("sign-out").addEventListener("click", async () => {
      await this.api.signOut();
      location.reload(); // nothing of what was shown stays in the page
    });
    find("language").addEventListener("change", () => {
      this.language = find("language").value;
      localStorage.setItem(LANGUAGE, this.language);
      this.#speak();
      if (this.me) this.onLanguage();
    });
    find("show-keys").addEventListener("click", () => find("keys").showModal());
    find("close-keys").addEventListener("click", () => find("keys").close());
    for (const view of this.views) find(`tab-${view}`).addEventListener("click", () => this.open(view));
  }

  async #enter() {
    this.hasBegun = true;
    this.tell(this.words.loading);
    try {
      this.me = await this.api.get("/v1/console/me");
      find("me").textContent = `${this.me.name} · ${this.me.brand}`;
      await this.onSignedIn(this.me);
      document.body.dataset.state = "signed-in";
      for (const id of ["tabs", "session"]) find(id).hidden = false;
      find("sign-in").hidden = true;
      find("main").focus({ preventScroll: true }); // the field of the token would swallow the first key
      this.open(this.view ?? this.views[0]);
    } catch (error) {
      this.me = null;
      this.#leave(error instanceof Refused && error.status !== 401 ? error.message : this.words.noServer);
      if (error instanceof Refused && error.status === 401) this.tell(this.words.badToken, "bad");
      if (!(error instanceof Refused)) console.warn(error);
    }
  }

  #leave(why) {
    this.api.forget();
    this.me = null;
    document.body.dataset.state = "signed-out";
    for (const id of ["tabs", "session"]) find(id).hidden = true;
    for (const view of this.views) find(`${view}-view`).hidden = true;
    find("sign-in").hidden = false;
    this.tell(why, why ? "bad" : "");
    find("token").focus();
  }

  #speak() {
    document.documentElement.lang = this.language;
    find("language").value = this.language;
    document.title = this.words.title;
    for (const part of document.querySelectorAll("[data-words]")) part.textContent = this.words[part.dataset.words];
    for (const part of document.querySelectorAll("[data-label]")) part.setAttribute("aria-label", this.words[part.dataset.label]);
  }
}

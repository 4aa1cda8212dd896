// Talks to the service with the cookie of the log-in page, or with a bearer token that is kept in this tab only.

const KEY = "copilot-token";

/** The server has said no; `status` is its HTTP status, the message what it said. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export class Api {
  constructor() {
    this.token = sessionStorage.getItem(KEY) ?? "";
    this.formToken = ""; // goes with every change that rests on the cookie
  }

  /** Whether somebody is signed in already: with a token of this tab, or at the log-in page. */
  async resume() {
    if (this.token) return true;
    const response = await fetch("/v1/session", { cache: "no-store" });
    const session = response.ok ? await response.json() : null;
    this.formToken = session?.form_token ?? "";
    return session !== null;
  }

  signIn(token) {
    this.token = token.trim();
    sessionStorage.setItem(KEY, this.token);
  }

  forget() {
    this.token = "";
    sessionStorage.removeItem(KEY);
  }

  async signOut() {
    this.forget();
    if (this.formToken) await fetch("/logout", { method: "POST", headers: { "x-form-token": this.formToken } });
    this.formToken = "";
  }

  get(path, signal) {
    return this.#ask(path, { signal });
  }

  post(path, body, signal) {
    return this.#ask(path, { method: "POST", body: JSON.stringify(body ?? {}), signal });
  }

  /** A file, as the browser saves it. */
  async save(path, name) {
    const response = await this.#fetch(path, {});
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async #ask(path, options) {
    const response = await this.#fetch(path, options);
    return response.status === 204 ? null : response.json();
  }

  async #fetch(path, options) {
    const headers = this.token ? { Authorization: `Bearer ${this.token}` } : { "x-form-token": this.formToken };
    if (options.body) headers["Content-Type"] = "application/json";
    const response = await fetch(path, { cache: "no-store", ...options, headers });
    if (!response.ok) throw new Refused(response.status, await detailOf(response));
    return response;
  }
}

async function detailOf(response) {
  try {
    return (await response.json()).detail ?? response.statusText;
  } catch {
    return response.statusText;
  }
}

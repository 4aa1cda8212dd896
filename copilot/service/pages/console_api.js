// Talks to the service with a bearer token, which is kept in this tab only.

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
  }

  signIn(token) {
    this.token = token.trim();
    sessionStorage.setItem(KEY, this.token);
  }

  signOut() {
    this.token = "";
    sessionStorage.removeItem(KEY);
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
    const headers = { Authorization: `Bearer ${this.token}` };
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

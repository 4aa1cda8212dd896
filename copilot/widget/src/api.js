// Requests to the service, with the token of the moment.

import { Refused, detailOf } from "./stream.js";

const TIMEOUT_MS = 15_000;

export class Api {
  /** @param {() => {base: string, token: string, signal: AbortSignal}} now where to ask, as whom, and until when */
  constructor(now) {
    this.now = now;
  }

  get(path) {
    return this.ask("GET", path);
  }

  post(path, body) {
    return this.ask("POST", path, body);
  }

  /** @throws {Refused} the service said no; anything else means that it did not answer */
  async ask(method, path, body) {
    const { base, token, signal } = this.now();
    const response = await fetch(base + path, {
      method,
      cache: "no-store",
      headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok) throw new Refused(response.status, await detailOf(response));
    return response.json();
  }
}

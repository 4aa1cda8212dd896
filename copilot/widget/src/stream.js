// Follows the event stream of a call: Server-Sent Events read by hand, because EventSource can send no token.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
const SILENCE_MS = 40_000; // the server sends a sign of life every 15 s
const DROPS_UNTIL_GONE = 4;

/** The server has said no, and asking again will not help; `status` is its HTTP status. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * Follow a call until it has ended. After a drop it asks again from the last event it has seen, so nothing is lost,
 * and leaves out what it has seen already, so nothing comes twice.
 *
 * @param {object} call url; `token()` gives the one of the moment; signal stops the following; `seen` is what was seen
 *   before: { seq, end, note }
 * @param {(event: {seq: number, type: string, body: object}) => void} onEvent each event once, in order
 * @param {(state: "live" | "reconnecting" | "gone", pauseMs?: number, wake?: () => void) => void} onState
 *   before each new attempt there is a pause, which `wake` ends
 * @throws {Refused} the server answered with an error that stays
 */
export async function follow({ url, token, signal, seen }, { onEvent, onState }) {
  let drops = 0;

  const onOpen = () => onState("live");
  const onLife = () => { drops = 0; };
  const onEach = (event) => {
    if (event.seq <= seen.seq) return;
    seen.seq = event.seq;
    seen.end ||= event.type === "call.ended";
    seen.note ||= seen.end && event.type === "note.updated";
    onEvent(event);
  };

  while (!signal.aborted) {
    const hadEnded = seen.end;
    try {
      await readOnce({ url, token, lastSeq: seen.seq, signal }, { onOpen, onLife, onEach });
      if (seen.note || hadEnded) return;
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    if (signal.aborted) return;
    drops += 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (drops - 1));
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
      signal.addEventListener("abort", resolve, { once: true });
      onState(drops < DROPS_UNTIL_GONE ? "reconnecting" : "gone", pauseMs, resolve);
    });
  }
}

async function readOnce({ url, token, lastSeq, signal }, { onOpen, onLife, onEach }) {
  const silence = new AbortController();
  const headers = { Authorization: `Bearer ${token()}`, Accept: "text/event-stream", "Last-Event-ID": String(lastSeq) };
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.any([signal, silence.signal]) });
    if (isFinal(response.status)) throw new Refused(response.status, await detailOf(response));
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    onOpen();
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventParser(onEach);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return; // an event that was cut off in the middle comes again
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      onLife();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** Whether asking again cannot help: the request is at fault, and not for being slow or too frequent. */
function isFinal(status) {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** What the server says went wrong: the detail of its problem document. */
export async function detailOf(response) {
  try {
    return String((await response.json()).detail ?? response.statusText);
  } catch {
    return response.statusText || `HTTP ${response.status}`;
  }
}

/** Puts events together from pieces of text, cut anywhere; an event counts once its blank line has come. */
export class EventParser {
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.rest = "";
    this.lines = [];
  }

  feed(text) {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    for (const line of lines) {
      if (line !== "") {
        if (line.startsWith("data:")) this.lines.push(line.slice(line.startsWith("data: ") ? 6 : 5));
      } else if (this.lines.length > 0) {
        const event = JSON.parse(this.lines.join("\n"));
        this.lines = [];
        this.onEvent(event);
      }
    }
  }
}

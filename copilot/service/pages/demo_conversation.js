// The left column: what was said, turn by turn.

import { clock, element, isAtEnd, outsideText, scrollBehaviour } from "./dom.js";

const SPEAKERS = ["agent", "customer", "system"];
const LONG_TEXT = 1500; // characters; a longer turn scrolls inside itself

export class Conversation {
  constructor({ scroller, list, toEnd }) {
    this.scroller = scroller;
    this.list = list;
    this.toEnd = toEnd;
    toEnd.addEventListener("click", () => this.scrollToEnd());
    scroller.addEventListener("scroll", () => { if (isAtEnd(scroller)) toEnd.hidden = true; }, { passive: true });
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    this.toEnd.hidden = true;
    this.turns = new Map(); // turn_id to { number, item }
    this.partials = new Map(); // what is still being spoken, at the end of the list, by turn_id or stream
  }

  /** Show a turn, or put it in the place of its earlier version; `kind` is final or corrected. */
  show(body, kind, words) {
    const known = this.turns.get(body.turn_id);
    const number = known?.number ?? this.turns.size + 1;
    const item = turnItem(body, { kind, number, words });
    this.keepingPlace(!known, () => {
      for (const key of [body.turn_id, body.stream]) this.dropPartial(key);
      this.turns.set(body.turn_id, { number, item });
      if (known) known.item.replaceWith(item);
      else this.list.insertBefore(item, this.list.querySelector(".partial"));
    });
  }

  /** Show what is being said before it is final. Its final, which names it by `turn_id` or `stream`, takes its place. */
  showPartial(body, words) {
    const item = turnItem(body, { kind: "partial", words });
    const known = this.partials.get(body.turn_id);
    this.keepingPlace(!known, () => {
      this.partials.set(body.turn_id, item);
      if (known) known.replaceWith(item);
      else this.list.append(item);
    });
  }

  /** Nothing more is being said. */
  dropPartials() {
    for (const key of [...this.partials.keys()]) this.dropPartial(key);
  }

  dropPartial(key) {
    this.partials.get(key)?.remove();
    this.partials.delete(key);
  }

  /** Change the list; a reader at its end stays at the end, one who has scrolled back is told that there is more. */
  keepingPlace(isMore, change) {
    const follows = isAtEnd(this.scroller);
    change();
    if (follows) this.scroller.scrollTop = this.scroller.scrollHeight;
    else if (isMore) this.toEnd.hidden = false;
  }

  scrollToEnd() {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: scrollBehaviour() });
  }

  /** Set these turns off, and no others; the first of them is brought into view when none is in view. */
  highlight(turnIds) {
    const wanted = new Set(turnIds);
    for (const [turnId, { item }] of this.turns) item.classList.toggle("marked", wanted.has(turnId));
    const items = turnIds.map((turnId) => this.turns.get(turnId)?.item).filter(Boolean);
    if (items.length > 0 && !items.some((item) => this.isInView(item))) this.bringIntoView(items[0]);
  }

  bringIntoView(item) {
    const offset = item.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    const top = this.scroller.scrollTop + offset - this.scroller.clientHeight / 3;
    this.scroller.scrollTo({ top, behavior: scrollBehaviour() });
  }

  isInView(item) {
    const [inner, outer] = [item.getBoundingClientRect(), this.scroller.getBoundingClientRect()];
    return inner.bottom > outer.top + 8 && inner.top < outer.bottom - 8;
  }

  /** Bring a turn into view, and the whole column where the two stand below each other. */
  reveal(turnId) {
    const item = this.turns.get(turnId)?.item;
    if (!item) return;
    this.bringIntoView(item);
    if (!this.isPageWide()) this.scroller.scrollIntoView({ block: "start", behavior: scrollBehaviour() });
  }

  /** Whether both columns are in view side by side, so that the page itself need not move. */
  isPageWide() {
    const box = this.scroller.getBoundingClientRect();
    return box.top >= 0 && box.top < window.innerHeight / 2;
  }
}

function turnItem(body, { kind, number, words }) {
  const speaker = SPEAKERS.includes(body.speaker) ? body.speaker : "unknown";
  const text = outsideText("p", body.text, words, "said");
  if (String(body.text ?? "").length > LONG_TEXT) {
    text.classList.add("long");
    text.tabIndex = 0;
  }
  const head = element("div", { class: "turn-head" }, [
    element("span", { class: "speaker", text: words[speaker] }),
    element("span", { class: "time", text: clock(body.t_ms ?? NaN) }),
    kind === "final" ? null : element("span", { class: "tag", text: words[kind] }),
    number ? element("span", { class: "number", text: String(number), title: `${words.turn} ${number}` }) : null,
  ]);
  const item = element("li", { class: `turn ${speaker} ${kind}` }, [head, text]);
  item.dataset.turnId = body.turn_id;
  return item;
}

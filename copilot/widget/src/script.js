// The script of a call, step by step, with the lines that must be said: said, waiting, left out.

import { element, outsideText } from "./dom.js";
import { say } from "./words.js";

const MARKS = { said: "✓", skipped: "✕", waiting: "○" };

/**
 * Show `GET /v1/calls/{id}/script` in `place`, what has changed anew. The lines to read next, and those left out, are
 * unfolded. After hang-up (`isOver`) no line is to be said any more.
 */
export function showSteps(place, view, turns, words) {
  if (!place.firstChild) place.append(element("ol", { class: "steps" }), element("div", { class: "also" }));
  const [list, also] = place.children;
  const steps = view.steps ?? [];
  const reading = steps.find((step) => view.current !== null && step.number >= view.current && step.must_say?.length > 0);
  steps.forEach((step, at) => {
    const now = { isCurrent: step.number === view.current, isOpen: step === reading, isOver: view.isOver === true };
    replaceIfNew(list, at, [step, now], () => stepItem(step, now, turns, words));
  });
  replaceIfNew(also, 0, view.also_open ?? [], () => alsoOpen(view.also_open ?? [], words));
}

/** Put what `make` gives at a place of `list`, unless what it is made of is the same: a reader may be in there. */
function replaceIfNew(list, at, madeOf, make) {
  const told = JSON.stringify(madeOf);
  const old = list.children[at];
  if (old?.dataset.told === told) return;
  const fresh = make();
  fresh.dataset.told = told;
  if (old) old.replaceWith(fresh);
  else list.append(fresh);
}

function stepItem(step, { isCurrent, isOpen, isOver }, turns, words) {
  const lines = step.must_say ?? [];
  const title = [
    element("span", { class: `mark ${stateOf(lines)}`, text: MARKS[stateOf(lines)], "aria-hidden": "true" }),
    outsideText("span", `${step.number}. ${step.title}`, words, "step-title"),
    isCurrent ? element("span", { class: "tag now", text: words.now }) : null,
    step.optional ? element("span", { class: "tag", text: words.optional }) : null,
    lines.length > 0 ? element("span", { class: "tag", text: countOf(lines, words) }) : null,
  ];
  const item = element("li", { class: `script-step${isCurrent ? " current" : ""}` });
  if (isCurrent) item.setAttribute("aria-current", "step");
  if (lines.length === 0) {
    item.append(element("p", { class: "step-head" }, title));
    return item;
  }
  const details = element("details", {}, [
    element("summary", { class: "step-head" }, title),
    element("ul", {}, lines.map((line) => lineItem(line, isOver, turns, words))),
  ]);
  details.open = isOpen || lines.some((line) => line.status === "skipped");
  item.append(details);
  return item;
}

function stateOf(lines) {
  if (lines.length > 0 && lines.every(({ status }) => status === "said")) return "said";
  return lines.some(({ status }) => status === "skipped") ? "skipped" : "waiting";
}

function countOf(lines, words) {
  return say(words, "linesSaid", lines.filter(({ status }) => status === "said").length, lines.length);
}

function lineItem({ text, status, turn_id: turnId, near }, isOver, turns, words) {
  const known = Object.hasOwn(MARKS, status) ? status : "waiting";
  const said = near !== null && near < 1 ? say(words, "lineNear", Math.round(near * 100)) : words.lineSaid;
  const label = { said, skipped: words.lineSkipped, waiting: isOver ? words.lineNotSaid : words.lineWaiting }[known];
  const turnIds = turnId ? [turnId] : [];
  const item = element("li", { class: `line ${known}` }, [
    outsideText("blockquote", text, words),
    element("p", { class: `tick ${known}` }, [`${MARKS[known]} ${label}`, turns.link(turnIds, words)]),
  ]);
  return turns.tie(item, turnIds);
}

/** Lines of earlier scripts that nobody has said yet. */
function alsoOpen(scripts, words) {
  const open = scripts.filter(({ missing }) => missing?.length > 0);
  if (open.length === 0) return element("p", { hidden: "" });
  const count = open.reduce((sum, { missing }) => sum + missing.length, 0);
  const items = open.flatMap(({ title, missing }) => [
    outsideText("p", title, words, "step"),
    element("ul", {}, missing.map((text) => outsideText("li", text, words))),
  ]);
  return element("details", {}, [element("summary", { text: say(words, "alsoOpen", count) }), ...items]);
}

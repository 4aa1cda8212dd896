// The widget's keys. They act only while no field is being typed in, and can be switched off (WCAG 2.1.4).

/**
 * @param {EventTarget} where the widget itself, or the document of a page that has nothing else
 * @param {{dialog: HTMLDialogElement, areOn: HTMLInputElement, actions: Object<string, (event: KeyboardEvent) => boolean|void>}} keys
 *   an action that says false has nothing to do, and the key goes on its way
 * @returns {() => void} stops listening
 */
export function listenForKeys(where, { dialog, areOn, actions }) {
  const take = (event) => {
    const target = event.composedPath()[0];
    if (!areOn.checked || dialog.open || event.ctrlKey || event.altKey || event.metaKey || isTyping(target)) return;
    const act = event.key === "?" ? () => dialog.showModal() : Object.hasOwn(actions, event.key) && actions[event.key];
    if (act && act(event) !== false) event.preventDefault();
  };
  where.addEventListener("keydown", take);
  return () => where.removeEventListener("keydown", take);
}

/** Unfold or fold how an offer was decided: of the card that has the focus, else of the newest offer. */
export function toggleDerivation(cards) {
  const own = cards.querySelector(".card:focus-within details.derivation");
  const details = own ?? cards.querySelector("details.derivation");
  if (!details) return;
  details.open = !details.open;
  details.firstChild.focus();
}

/** Put the focus on a part of the widget; a folded one unfolds. */
export function goTo(part) {
  if (!part || part.hidden) return false;
  if (part.localName === "details") {
    part.open = true;
    part.firstChild.focus();
  } else {
    if (!part.hasAttribute("tabindex")) part.tabIndex = -1;
    part.focus();
  }
  part.scrollIntoView({ block: "nearest" });
  return true;
}

/** From the card or alert that has the focus to the next one, or the one before. */
export function goBy(step, scroller) {
  const items = [...scroller.querySelectorAll(".alert, .card")].filter((item) => item.checkVisibility());
  const at = items.findIndex((item) => item.matches(":focus-within"));
  goTo(items[Math.max(0, Math.min(items.length - 1, at + step))]);
}

/** Press the button of a key: of the card that has the focus, else of the newest. */
export function pressOn(cards, key) {
  const card = cards.querySelector(".card:focus-within") ?? cards.querySelector(".card.newest");
  const found = card?.querySelector(`[data-key="${key}"]`);
  found?.click();
  return Boolean(found);
}

function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;
}

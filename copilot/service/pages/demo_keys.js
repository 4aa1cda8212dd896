// The page's keys. They act only while no field is being typed in, and can be switched off (WCAG 2.1.4).

/**
 * @param {HTMLDialogElement} dialog tells the keys; `?` and `button` open it, `close` and Escape close it
 * @param {HTMLInputElement} areOn the box that switches single keys on and off
 * @param {Object<string, () => void>} actions by key
 */
export function listenForKeys({ dialog, areOn, button, close, actions }) {
  button.addEventListener("click", () => dialog.showModal());
  close.addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", (event) => {
    if (!areOn.checked || dialog.open || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const act = event.key === "?" ? () => dialog.showModal() : actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** Unfold or fold how an offer was decided: of the card that has the focus, else of the newest offer. */
export function toggleDerivation(cards) {
  const card = document.activeElement?.closest?.(".card") ?? cards;
  const details = card.querySelector("details.derivation") ?? cards.querySelector("details.derivation");
  if (!details) return;
  details.open = !details.open;
  details.firstChild.focus();
}

/** Put the focus on a part of the page. */
export function goTo(part) {
  if (part.hidden) return;
  if (!part.hasAttribute("tabindex")) part.tabIndex = -1;
  part.focus();
  part.scrollIntoView({ block: "nearest" });
}

function isTyping(target) {
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
}

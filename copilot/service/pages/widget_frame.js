// The widget in a frame: takes the call and the token from the page around it, and tells that page what happens.
//
// In:  { type: "copilot-open", call?, token?, lang?, theme?, density?, agent? }, from the parent, of an origin that is allowed
// Out: { type: "copilot-…", detail }, to that origin only

const OPTIONS = ["call", "lang", "theme", "density", "agent"];
const TOLD = ["ready", "state", "card-shown", "copied", "signed", "dismissed", "judged", "error"];

const copilot = document.querySelector("retention-copilot");
const allowed = document.querySelector('meta[name="copilot-ancestors"]').content.split(" ").filter(Boolean);
let parentOrigin = null; // of the page that has opened a call; nobody else is told anything

/** Whether an origin is one of those that may frame this page: spelt out, or with any name in front ("https://*.example.com"). */
export function isAllowed(origin, patterns) {
  return patterns.some((pattern) => {
    const [scheme, rest] = pattern.split("//*.");
    return rest ? origin.startsWith(`${scheme}//`) && origin.endsWith(`.${rest}`) : origin === pattern;
  });
}

function take({ token, ...options }) {
  for (const name of OPTIONS) {
    if (options[name] === null) copilot.removeAttribute(name);
    else if (typeof options[name] === "string") copilot.setAttribute(name, options[name]);
  }
  if (typeof options.theme === "string") document.documentElement.dataset.theme = options.theme;
  if (typeof token === "string") copilot.token = token;
}

window.addEventListener("message", ({ data, origin, source }) => {
  if (source !== window.parent || source === window || !isAllowed(origin, allowed)) return;
  if (data?.type !== "copilot-open") return;
  parentOrigin = origin;
  take(data);
});

for (const name of TOLD) {
  copilot.addEventListener(`copilot-${name}`, ({ detail }) => {
    if (parentOrigin) window.parent.postMessage({ type: `copilot-${name}`, detail }, parentOrigin);
  });
}

// The address may name the call; a token only behind the "#", which no server sees, and from where it is wiped.
const asked = new URLSearchParams(location.search);
const hidden = new URLSearchParams(location.hash.slice(1));
take({
  ...Object.fromEntries(OPTIONS.map((name) => [name, asked.get(name) ?? undefined])),
  token: hidden.get("token") ?? undefined,
});
if (location.hash) history.replaceState(null, "", location.pathname + location.search);

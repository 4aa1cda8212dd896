// A dashboard app: Chatwoot posts the conversation as a JSON string; the call of it is named after its id.
//
// What Chatwoot posts is not signed. So it only says which call to show: who may see it is decided by /token on the
// server of this page, by its own log-in of the agent.

const copilot = document.querySelector("retention-copilot");
const said = document.querySelector("#said");
const chatwoot = document.querySelector('meta[name="chatwoot-origin"]').content;

window.addEventListener("message", ({ data, origin, source }) => {
  if (origin !== chatwoot || source !== window.parent) return;
  const conversation = conversationOf(data);
  if (conversation) void show(`chatwoot-${conversation.id}`);
});

function conversationOf(text) {
  try {
    const told = JSON.parse(text);
    return told.event === "appContext" ? told.data.conversation : null;
  } catch {
    return null;
  }
}

async function show(call) {
  if (copilot.getAttribute("call") === call) return;
  copilot.setAttribute("call", call);
  await signIn();
}

async function signIn() {
  const body = JSON.stringify({ call_id: copilot.getAttribute("call") });
  const answer = await fetch("/token", { method: "POST", body });
  said.textContent = answer.ok ? "" : "Log in to the copilot's page first.";
  if (answer.ok) copilot.token = (await answer.json()).token;
}

copilot.addEventListener("copilot-error", ({ detail }) => { if (detail.status === 401) void signIn(); });
window.parent.postMessage("chatwoot-dashboard-app:fetch-info", chatwoot);

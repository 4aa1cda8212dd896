// A page with the widget in it: asks its own server for a token, and hears what the widget tells.

const copilot = document.querySelector("retention-copilot");
const call = new URLSearchParams(location.search).get("call");

/** The page's own server knows who is logged in, and has the copilot make a token for them and this call. */
async function signIn() {
  const answer = await fetch("/token", { method: "POST", body: JSON.stringify({ call_id: call }) });
  if (answer.ok) copilot.token = (await answer.json()).token;
}

copilot.addEventListener("copilot-error", ({ detail }) => {
  if (detail.status === 401) void signIn(); // its hour is over; the widget goes on where it was
});
copilot.addEventListener("copilot-signed", ({ detail }) => {
  document.querySelector("#told").textContent = `Signed by ${detail.name}: ${detail.disposition_code}`;
});
copilot.setAttribute("call", call);
void signIn();

// A page with the widget in a frame: sends call and token by message, to the frame's origin only, and hears what it tells.

const frame = document.querySelector("#copilot");
const copilotOrigin = new URL(frame.dataset.address).origin;
const call = new URLSearchParams(location.search).get("call");

async function open() {
  const answer = await fetch("/token", { method: "POST", body: JSON.stringify({ call_id: call }) });
  const { token } = await answer.json();
  frame.contentWindow.postMessage({ type: "copilot-open", call, token, lang: "en" }, copilotOrigin);
}

window.addEventListener("message", ({ data, origin, source }) => {
  if (origin !== copilotOrigin || source !== frame.contentWindow) return;
  if (data.type === "copilot-error" && data.detail.status === 401) void open();
  if (data.type === "copilot-signed") document.querySelector("#told").textContent = `Signed by ${data.detail.name}`;
});
frame.addEventListener("load", () => void open()); // also when it was loaded again
frame.src = frame.dataset.address;

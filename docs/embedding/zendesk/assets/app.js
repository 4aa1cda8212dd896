// The ticket sidebar: finds the ticket's call, has a widget token made, and puts the widget in place.
//
// The copilot's own token is a secure setting: Zendesk's proxy puts it into the request, no browser ever sees it.

const client = ZAFClient.init();
const said = document.querySelector("#said");

async function start() {
  const { settings } = await client.metadata();
  const found = await client.get([settings.call_field, "currentUser"]);
  const call = found[settings.call_field];
  if (!call) {
    said.textContent = "This ticket has no call.";
    return;
  }
  const copilot = document.createElement("retention-copilot");
  const signIn = async () => { copilot.token = await tokenFor(settings, call, found.currentUser.name); };
  copilot.setAttribute("src", settings.copilot_url);
  copilot.setAttribute("call", call);
  copilot.addEventListener("copilot-error", ({ detail }) => { if (detail.status === 401) void signIn(); });
  copilot.addEventListener("copilot-signed", ({ detail }) => void client.invoke("comment.appendText", detail.text));
  await load(`${settings.copilot_url}/widget.js`);
  document.body.append(copilot);
  await signIn();
}

async function tokenFor(settings, call, agent) {
  const { token } = await client.request({
    url: `${settings.copilot_url}/v1/widget-tokens`,
    type: "POST",
    secure: true,
    headers: { Authorization: "Bearer {{setting.copilot_token}}" },
    contentType: "application/json",
    data: JSON.stringify({ agent, call_id: call }),
  });
  return token;
}

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: url, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}

start().catch(() => { said.textContent = "The copilot does not answer."; });

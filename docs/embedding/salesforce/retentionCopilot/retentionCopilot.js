// The copilot on a record page: frames the widget and sends call and token by message, to its origin only.

import { LightningElement, api, wire } from "lwc";
import { getRecord, getFieldValue } from "lightning/uiRecordApi";
import CALL_ID from "@salesforce/schema/VoiceCall.VendorCallKey";
import mint from "@salesforce/apex/RetentionCopilotToken.mint";

const COPILOT = "https://copilot.example.com"; // also a Trusted URL (frame-src) and a named credential

export default class RetentionCopilot extends LightningElement {
  @api recordId;
  call = null;
  problem = "";
  address = `${COPILOT}/widget`;

  @wire(getRecord, { recordId: "$recordId", fields: [CALL_ID] })
  found({ data, error }) {
    if (data) this.call = getFieldValue(data, CALL_ID);
    if (error) this.problem = "This record has no call.";
  }

  connectedCallback() {
    this.hear = ({ data, origin }) => {
      if (origin === COPILOT && data.type === "copilot-error" && data.detail.status === 401) void this.open();
    };
    window.addEventListener("message", this.hear);
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.hear);
  }

  async open() {
    try {
      const token = await mint({ callId: this.call });
      this.template.querySelector("iframe").contentWindow.postMessage({ type: "copilot-open", call: this.call, token }, COPILOT);
    } catch {
      this.problem = "The copilot does not answer.";
    }
  }
}

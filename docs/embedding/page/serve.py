"""A host for the widget, as small as one can be: two pages, and tokens for the agent who is logged in.

    COPILOT_URL=http://127.0.0.1:8000 COPILOT_TOKEN=rc_… python serve.py --port 8001

The copilot must allow this origin: COPILOT_FRAME_ANCESTORS=http://127.0.0.1:8001. Then open /?call=CALL_ID, or
/frame.html?call=CALL_ID for the same in a frame. COPILOT_TOKEN stays on this server; the pages get tokens for one call.
"""

import argparse
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

FOLDER = Path(__file__).parent
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
FILES = {f"/{file.name}": file for file in FOLDER.iterdir() if file.suffix in TYPES}
COPILOT = os.environ["COPILOT_URL"].rstrip("/")
AGENT = "Kim Lee"  # whoever is logged in here; a real desk takes it from its own session
POLICY = (
    f"default-src 'none'; script-src 'self' {COPILOT}; connect-src 'self' {COPILOT}; style-src 'self'; "
    f"frame-src {COPILOT}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class Host(BaseHTTPRequestHandler):
    """Answers the two pages and what they ask for."""

    def do_GET(self) -> None:
        """A page or a file of one."""
        path = urlsplit(self.path).path
        file = FILES.get("/index.html" if path == "/" else path)
        if file is None:
            self.send_error(404)
            return
        text = file.read_text("utf-8")
        page = Template(text).safe_substitute(copilot=COPILOT) if file.suffix == ".html" else text
        self._answer(200, page.encode(), TYPES[file.suffix])

    def do_POST(self) -> None:
        """Have a token made for this agent and the call the page names; only this page's own requests are taken."""
        own = f"http://{self.headers['Host']}"
        if self.path != "/token" or self.headers.get("Origin", own) != own:
            self.send_error(403)
            return
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"agent": AGENT, "call_id": asked["call_id"]}).encode()
        headers = {"Authorization": f"Bearer {os.environ['COPILOT_TOKEN']}", "Content-Type": "application/json"}
        wish = Request(f"{COPILOT}/v1/widget-tokens", body, headers)  # noqa: S310 - the operator's own address
        with urlopen(wish, timeout=10) as made:  # noqa: S310
            self._answer(200, made.read(), "application/json")

    def _answer(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        for name, value in (("Content-Type", kind), ("Content-Security-Policy", POLICY), ("Cache-Control", "no-store")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: addresses name calls."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8001, help="where to listen on this machine")
    ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Host).serve_forever()

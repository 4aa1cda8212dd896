"""The widget for other pages: its script with style and words, and a page of its own for frames."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from string import Template

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from copilot.service.hall import Hall
from copilot.widget import widget_script, widget_style, widget_words

PAGES = Path(__file__).parent / "pages"
# Any page may load these: they hold no data. What they ask for needs a token, and an origin that is allowed.
PUBLIC_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
JAVASCRIPT = "text/javascript; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {}; require-trusted-types-for 'script'; trusted-types 'none'"
)

router = APIRouter(tags=["widget"], include_in_schema=False)


@router.get("/widget.js")
def script(request: Request) -> Response:
    """The custom element `<retention-copilot>`."""
    return _public(widget_script(), JAVASCRIPT, request)


@router.get("/widget.css")
def style(request: Request) -> Response:
    """Its style sheet, which it fetches itself."""
    return _public(widget_style(), "text/css; charset=utf-8", request)


@router.get("/widget.words.json")
def words(request: Request) -> Response:
    """Its words in English and Spanish, which it fetches itself."""
    return _public(widget_words(), "application/json", request)


@router.get("/widget")
def frame(request: Request) -> HTMLResponse:
    """The widget alone, for a frame of a page that the setting `frame_ancestors` names."""
    hall: Hall = request.app.state.hall
    ancestors = hall.parts.settings.frame_ancestors
    page = Template((PAGES / "widget.html").read_text("utf-8")).safe_substitute(ancestors=" ".join(ancestors.split()))
    return HTMLResponse(page, headers=frame_headers(ancestors))


@router.get("/widget/frame.js")
def frame_script(request: Request) -> Response:
    """What takes the messages of the page around the frame."""
    return _public((PAGES / "widget_frame.js").read_text("utf-8"), JAVASCRIPT, request)


@router.get("/widget/frame.css")
def frame_style(request: Request) -> Response:
    """The style of the frame page."""
    return _public((PAGES / "widget_frame.css").read_text("utf-8"), "text/css; charset=utf-8", request)


def frame_headers(ancestors: str) -> Mapping[str, str]:
    """The headers of the frame page: nobody may frame it but these origins."""
    return {
        "Content-Security-Policy": POLICY.format(" ".join(ancestors.split()) or "'none'"),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }


def _public(text: str, media_type: str, request: Request) -> Response:
    tag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
    headers = {**PUBLIC_HEADERS, "ETag": tag}
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=media_type, headers=headers)

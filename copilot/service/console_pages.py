"""The pages of reviewers and managers: `/review` and `/insight`, plain files that sign in with a bearer token."""

from fastapi import APIRouter
from fastapi.responses import FileResponse

from copilot.errors import NotFound
from copilot.service.demo import ASSET_HEADERS, PAGES, POLICY

ASSETS = tuple(
    sorted(
        file.name
        for prefix in ("console", "review", "insight", "training")
        for file in PAGES.glob(f"{prefix}*")
        if file.suffix != ".html"
    )
)
PAGE_HEADERS = {
    **ASSET_HEADERS,
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}

router = APIRouter(tags=["consoles"], include_in_schema=False)


@router.get("/review")
def review_page() -> FileResponse:
    """The reviewers' console; it holds nothing before somebody signs in."""
    return FileResponse(PAGES / "review.html", headers=PAGE_HEADERS)


@router.get("/insight")
def insight_page() -> FileResponse:
    """The managers' page; it holds nothing before somebody signs in."""
    return FileResponse(PAGES / "insight.html", headers=PAGE_HEADERS)


@router.get("/training")
def training_page() -> FileResponse:
    """Policy changes and quizzes, for agents and their supervisors; it holds nothing before somebody signs in."""
    return FileResponse(PAGES / "training.html", headers=PAGE_HEADERS)


@router.get("/console/{name}")
def asset(name: str) -> FileResponse:
    """A script, style sheet or picture of the consoles."""
    if name not in ASSETS:
        raise NotFound(f"The consoles have no file {name!r}; they have: {', '.join(ASSETS)}.")
    return FileResponse(PAGES / name, headers=ASSET_HEADERS)

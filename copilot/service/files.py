"""Files that endpoints answer with: named, never shown in place, never taken for another kind."""

from fastapi import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ICS = "text/calendar; charset=utf-8"
CSV = "text/csv; charset=utf-8"


def file_response(content: bytes, kind: str, name: str) -> Response:
    """A file to be saved under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)

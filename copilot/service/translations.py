"""The endpoint of translations: a text in the other language, for a person to read."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from copilot.errors import NoModel
from copilot.guard.masking import policy_for
from copilot.service.access import at_least
from copilot.service.hall import NO_MODEL, Hall
from copilot.store import Identity
from copilot.translation.translating import LONGEST, translate

router = APIRouter(prefix="/v1/translations", tags=["translations"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


class TranslationIn(BaseModel):
    """What is to be read in which language."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST)
    to: Literal["en", "es"]


@router.post("")
def make(body: TranslationIn, request: Request, _identity: Agent) -> dict[str, Any]:
    """The text in the other language: figures, names and masks are the same, or it is refused (502).

    Raises:
        NoModel: no language model is set up.
    """
    hall: Hall = request.app.state.hall
    if hall.model.name == NO_MODEL:
        raise NoModel("Translations need a language model. Set COPILOT_MODEL.")
    head = hall.parts.pack.head
    policy = policy_for(head.redaction.kinds, head.numbers)
    made = hall.model.run(partial(translate, text=body.text, to=body.to, policy=policy, names=hall.parts.gazetteer))
    return {"text": made.text, "provider": made.provider, "prompt": made.prompt, "prompt_version": made.prompt_version}

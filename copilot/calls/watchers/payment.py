"""A pause for a payment that was forgotten: the agent says that it is done, and nothing is taken in yet (PCI-01)."""

from copilot.calls.cards import Card
from copilot.calls.moment import Moment, Noticed
from knowledge.rules.base import Words

PAYMENT_DONE = "payment_done"
_TITLE = Words(en="Payment done: resume the capture", es="Pago hecho: reanude la captura")
_BODY = Words(
    en="The capture is still paused, so nothing is noted. Resume it once no more digits will be spoken.",
    es="La captura sigue en pausa y no se anota nada. Reanúdela cuando ya no se digan más dígitos.",
)


def watch(moment: Moment) -> Noticed:
    """A reminder, once a pause. What is said in a pause is not kept, only that it said this."""
    if not moment.state.capture_paused or moment.state.recording is False or PAYMENT_DONE not in moment.withheld:
        return Noticed()
    title, body = _TITLE.in_language(moment.language), _BODY.in_language(moment.language)
    about = f"resume_capture:{moment.state.pauses}"
    return Noticed(alerts=(Card("alert", title, body, about, "", (moment.turn.turn_id,)),))

"""A draft in the making: numbered sentences in paragraphs, what they rest on, what is still to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from copilot.replies.model import AnsweredAllegation, Citation, DraftSentence, Question


@dataclass
class Composition:
    """Grows by paragraphs; sentences are called s1, s2 and so on, questions q1, q2."""

    paragraphs: list[list[DraftSentence]] = field(default_factory=list)
    allegations: list[AnsweredAllegation] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def sentences(self) -> list[DraftSentence]:
        """All sentences in order."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]

    @property
    def text(self) -> str:
        """The text as it would be sent."""
        return text_of(self.paragraphs)

    def paragraph(self) -> None:
        """Begin a new one."""
        self.paragraphs.append([])

    def add(self, text: str, *citations: Citation) -> str:
        """Append a sentence to the last paragraph; its id."""
        sentence = DraftSentence(f"s{len(self.sentences) + 1}", text, citations)
        if not self.paragraphs:
            self.paragraph()
        self.paragraphs[-1].append(sentence)
        return sentence.id

    def ask(self, text: str, owner: str, allegation_id: str | None = None) -> None:
        """Put a question to the owner of what is missing, once."""
        if all(question.text != text for question in self.questions):
            self.questions.append(Question(f"q{len(self.questions) + 1}", text, owner, allegation_id))


def text_of(paragraphs: Sequence[Sequence[DraftSentence]]) -> str:
    """Sentences with a space between, paragraphs with a line."""
    return "\n\n".join(" ".join(sentence.text for sentence in paragraph) for paragraph in paragraphs if paragraph)

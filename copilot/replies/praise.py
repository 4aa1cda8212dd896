"""Whether somebody only says something kind: then there is nothing to answer but thanks."""

from copilot.replies.model import Understanding

FEW_STARS = 3
_KIND = (
    "thank great love excellent awesome best amazing wonderful helpful perfect"
    " gracias excelente encanta genial perfecto maravillos amable"
).split()


def is_praise(understanding: Understanding) -> bool:
    """Whether nothing is alleged or wished, no flag is raised, and the words or the stars are kind."""
    item = understanding.item
    if understanding.allegations or understanding.wishes or understanding.flags or "?" in item.text:
        return False
    few = item.rating is not None and item.rating <= FEW_STARS
    return not few and any(word in item.text.lower() for word in _KIND)

"""Each swap changes one thing, the same for a seed, and nothing where there is nothing to swap."""

import random

from copilot.guard.grounding.perturb import (
    perturbed,
    swap_amount,
    swap_date,
    swap_name,
    swap_negation,
    swap_speaker,
)

CHANCE = random.Random(0)


def test_an_amount_keeps_its_length_and_changes_one_digit() -> None:
    wrong = swap_amount("Agent applied a $20.50 credit.", CHANCE)
    assert wrong is not None
    assert sum(a != b for a, b in zip("Agent applied a $20.50 credit.", wrong, strict=True)) == 1


def test_a_weekday_becomes_another_one_in_the_same_language() -> None:
    wrong = swap_date("El técnico va el martes.", CHANCE)
    assert wrong is not None
    assert wrong != "El técnico va el martes."
    assert wrong.split()[-1].rstrip(".") in "lunes miércoles jueves viernes sábado domingo".split()


def test_a_plan_becomes_another_plan() -> None:
    assert swap_name("Moved to Fiber 600.", CHANCE, ["Fiber 600", "Fiber Gig"]) == "Moved to Fiber Gig."


def test_a_negation_comes_or_goes() -> None:
    assert swap_negation("Customer did not pay.", CHANCE) == "Customer did pay."
    assert swap_negation("Customer wants to cancel.", CHANCE) == "Customer did not wants to cancel."
    assert swap_negation("El cliente quiere cancelar.", CHANCE) == "El cliente no quiere cancelar."


def test_the_subject_is_swapped() -> None:
    assert swap_speaker("Customer asked for a refund.", CHANCE) == "Agent asked for a refund."


def test_nothing_to_swap_gives_nothing() -> None:
    assert not list(perturbed("Hello there."))
    assert swap_name("Hello.", CHANCE, ["Fiber 600"]) is None


def test_a_seed_gives_the_same_again() -> None:
    sentence = "Customer was charged $35 on Friday."
    assert list(perturbed(sentence, seed=3)) == list(perturbed(sentence, seed=3))
    assert {kind for kind, _ in perturbed(sentence)} == {"amount", "date", "negation", "speaker"}

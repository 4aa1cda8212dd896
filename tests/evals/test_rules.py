"""Every rule of every channel can be broken, and is only judged where it holds."""

from pathlib import Path
from typing import Any

import pytest

from copilot.errors import BadInput
from evals.scorers._rules import Rule, judged, rule_packs, rule_scores

GOOD = {
    "public": {
        "en": "Thank you for telling us. We are sorry. Please send us a direct message.",
        "es": "Gracias por contárnoslo. Lo lamentamos. Envíenos un mensaje directo.",
    },
    "private": {
        "en": "Hello, thank you for writing. You can reach us by phone. Meridell",
        "es": "Hola: Gracias por escribirnos. Puede comunicarse con nosotros. Meridell",
    },
    "regulator": {
        "en": "This is the answer of Meridell to the complaint.\n1. The refund was issued. You can reach us by phone.",
        "es": "Esta es la respuesta de Meridell a la queja.\n1. El reembolso se hizo. Puede comunicarse con nosotros.",
    },
}
ITEM = {
    "en": "I was charged twice, my father died, nobody called, I want a refund",
    "es": "Me cobraron dos veces, mi padre falleció, nadie llamó, quiero un reembolso",
}
# What a draft would say to break a rule that bars something; a rule that needs something is broken by leaving it out.
BREAKS = {
    "no-identifier": {"en": "Ticket TT-204117.", "es": "Su reembolso es de $25."},
    "no-confirmation": {"en": "We looked at your account.", "es": "Revisamos su cuenta."},
    "no-admission": {"en": "We admit it.", "es": "Lo admitimos."},
    "no-trade": {"en": "Please change your review.", "es": "Cambie la reseña, por favor."},
    "no-blame": {"en": "It was your fault.", "es": "Es su culpa."},
    "no-shouting": {"en": "Sorry!!", "es": "Lo sentimos!!"},
    "no-secret-asked": {"en": "Please send us the PIN.", "es": "Por favor, denos el PIN."},
    "no-offer-after-a-death": {"en": "We can offer you a discount.", "es": "Tenemos un descuento."},
}


def output(draft_class: str, language: str, text: str) -> dict[str, Any]:
    return {"channel": "x", "draft_class": draft_class, "language": language, "text": text}


def rules() -> list[tuple[str, str, Rule]]:
    return [
        (pack.channels[0], language, rule)
        for pack in rule_packs()
        for rule in pack.rules
        for language in ("en", "es")
        if language in rule.needs or language in rule.bars
    ]


@pytest.mark.parametrize(("draft_class", "language"), [(c, lang) for c in GOOD for lang in ("en", "es")])
def test_a_good_text_keeps_every_rule(draft_class: str, language: str) -> None:
    found = rule_scores(output(draft_class, language, GOOD[draft_class][language]), ITEM[language])
    assert (found["rules"].value, found["severity1"].value) == (1.0, 1.0), found["rules"].reason


@pytest.mark.parametrize(("draft_class", "language", "rule"), rules(), ids=lambda each: getattr(each, "id", str(each)))
def test_every_rule_can_be_broken(draft_class: str, language: str, rule: Rule) -> None:
    text = f"{GOOD[draft_class][language]} {BREAKS[rule.id][language]}" if language in rule.bars else "x"
    kept = {each.id: is_kept for each, is_kept in judged(output(draft_class, language, text), ITEM[language])}
    assert kept[rule.id] is False
    assert language not in rule.bars or [name for name, is_kept in kept.items() if not is_kept] == [rule.id]


def test_a_severe_rule_is_hard_and_counts_three_times_a_mild_one() -> None:
    text = f"{GOOD['public']['en']} Sorry!!"
    mild = rule_scores(output("public", "en", text), ITEM["en"])
    severe = rule_scores(output("public", "en", f"{GOOD['public']['en']} We admit it."), ITEM["en"])
    assert (mild["severity1"].value, severe["severity1"].value) == (1.0, 0.0)
    # Of 4 rules of severity 1, 3 of 2 and 1 of 3, the weights add up to 4 * 3 + 3 * 2 + 1 = 19.
    assert (mild["rules"].value, severe["rules"].value) == (round(18 / 19, 4), round(16 / 19, 4))


def test_a_rule_with_a_condition_holds_only_where_it_is_met() -> None:
    text = "Thank you. Meridell. We can offer you a discount."
    of_a_death = {rule.id for rule, _ in judged(output("private", "en", text), "My father died.")}
    of_another = {rule.id for rule, _ in judged(output("private", "en", text), "How do I pay?")}
    assert of_a_death - of_another == {"no-offer-after-a-death"}


def test_no_text_is_unscored() -> None:
    assert rule_scores(output("public", "en", ""), "x")["rules"].value is None
    assert rule_scores(output("carrier-pigeon", "en", "Hi"), "x")["rules"].value is None


def test_a_rule_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("channels: [public]\nrules: []\n")
    with pytest.raises(BadInput, match=r"bad\.yaml is no rule pack"):
        rule_packs.__wrapped__(tmp_path)

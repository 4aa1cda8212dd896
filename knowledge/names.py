"""The names a business gives to what it sells; nothing may be named in a text that its sources do not name."""

from knowledge.pack import Pack
from knowledge.rules.offers import OffersFile
from knowledge.rules.tariff import TariffFile


def names_of(pack: Pack) -> tuple[str, ...]:
    """Plans and offers of a pack, in both languages, each once."""
    offers, tariff = pack.rules.get("offers"), pack.rules.get("tariff")
    named = [offer.name for offer in offers.offers] if isinstance(offers, OffersFile) else []
    plans = [plan.name for plan in tariff.plans] if isinstance(tariff, TariffFile) else []
    translated = (name for offer in named for name in (offer.en, offer.es) if name)
    return tuple(dict.fromkeys([*plans, *translated]))

"""The names a pack sells under, for sentences that name a plan, an offer or a device."""

from knowledge.pack import Pack
from knowledge.rules.offers import OffersFile
from knowledge.rules.tariff import TariffFile


def gazetteer_of(pack: Pack) -> tuple[str, ...]:
    """Plans and add-ons by the name on the bill, offers by their names and ids; sorted, without doubles."""
    names: set[str] = set()
    tariff, offers = pack.rules.get("tariff"), pack.rules.get("offers")
    if isinstance(tariff, TariffFile):
        names.update(plan.name for plan in tariff.plans)
    if isinstance(offers, OffersFile):
        for offer in offers.offers:
            names.update(filter(None, (offer.offer_id, offer.name.en, offer.name.es)))
    return tuple(sorted(names))


def house_names_of(pack: Pack) -> tuple[str, ...]:
    """The names of the business itself, which a sentence may bear though nobody said them."""
    return (pack.head.house.brand,)

"""A pack of a few lines that tests write file by file."""

from dataclasses import dataclass
from pathlib import Path

HEAD = """\
name = "small"
title = "Small pack"
version = "1"
as_of = 2026-11-20
languages = ["en", "es"]
default_language = "en"
timezone = "America/Chicago"

[regimes]
cpni = true
recording_consent = "all_party"

[note]
max_chars = 2000
labels = {}

[redaction]
kinds = ["card", "cvv", "bank_account", "ssn"]

[house]
brand = "Small"
desk = { en = "Desk" }
recording_notice = { en = "This call is recorded." }
hours = "7:00-22:00"

[[numbers]]
name = "account"
label = { en = "account" }
pattern = 'SM-\\d{4}'
"""

CUES = """\
as_of: 2026-11-20
source: these tests
cues:
  - id: cancel_intent
    kind: intent
    label: {en: wants to cancel}
    phrases: {en: [cancel my service]}
"""

OFFERS = """\
as_of: 2026-11-20
source: these tests
currency: USD
guard_rails:
  max_running_price_concessions: 1
  default_cooldown_days: 90
  max_concession_percent_12m: "20"
  margin_floor_percent: "30"
  holdout_percent: "0"
economics:
  horizon_months: 12
  annual_rate_percent: "10"
  monthly_survival: "0.98"
  contact_cost: "4.00"
  stays_without_offer: "0.2"
  stays_with_offer: "0.5"
  min_outcomes: 30
  source: these tests
offers:
"""

OFFER = """\
  - offer_id: {offer_id}
    name: {{en: Lower price}}
    promotion_type: Discount
    offer_type: discount
    lifecycle_status: {status}
    valid_for: {{start: 2026-01-01, end: {end}}}
    reasons: [price]
    segments: [home]
    concession: {{monthly_amount: "5.00", months: 3}}
    stacking_group: price
    is_price_concession: true
    terms: {{en: For three months.}}
    say: {{en: I can lower the price.}}
"""


@dataclass(frozen=True)
class SmallPack:
    """A folder with a valid pack.toml and a documents folder."""

    folder: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "SmallPack":
        (folder / "documents").mkdir(parents=True)
        (folder / "rules").mkdir()
        (folder / "pack.toml").write_text(HEAD, "utf-8")
        return cls(folder)

    def write(self, name: str, text: str | bytes) -> Path:
        """A file below the pack's folder, as it stands."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def document(self, doc_id: str, body: str = "The text.", **front_matter: str) -> Path:
        """documents/ID.md with these keys, a kind, a title and effective_from 2026-01-01 unless they are given."""
        keys = {"kind": "policy", "title": doc_id.replace("-", " "), "effective_from": "2026-01-01"} | front_matter
        head = "".join(f"{key}: {value}\n" for key, value in keys.items() if value)
        return self.write(f"documents/{doc_id}.md", f"---\n{head}---\n\n{body}\n")

    def offer(self, offer_id: str, *, end: str = "2027-12-31", status: str = "active") -> None:
        """One more offer in rules/offers.yaml."""
        file = self.folder / "rules" / "offers.yaml"
        before = file.read_text("utf-8") if file.exists() else OFFERS
        self.write("rules/offers.yaml", before + OFFER.format(offer_id=offer_id, end=end, status=status))

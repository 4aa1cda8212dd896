"""Rule files of a pack: one model per file, validated as a whole, read-only afterwards."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from knowledge.rules.across import Misfit, check_across
from knowledge.rules.approvals import ApprovalsFile
from knowledge.rules.bureaus import BureausFile
from knowledge.rules.channels import ChannelsFile
from knowledge.rules.consent import ConsentFile
from knowledge.rules.cues import CuesFile
from knowledge.rules.dispositions import DispositionsFile
from knowledge.rules.flags import FlagsFile
from knowledge.rules.offers import OffersFile
from knowledge.rules.pack_head import PackHead
from knowledge.rules.save_rules import SaveRulesFile
from knowledge.rules.scorecard import ScorecardFile
from knowledge.rules.tariff import TariffFile
from knowledge.rules.verification import VerificationFile

RULE_FILES: Final[Mapping[str, type[BaseModel]]] = {
    "offers": OffersFile,
    "tariff": TariffFile,
    "save_rules": SaveRulesFile,
    "consent": ConsentFile,
    "approvals": ApprovalsFile,
    "flags": FlagsFile,
    "dispositions": DispositionsFile,
    "channels": ChannelsFile,
    "cues": CuesFile,
    "bureaus": BureausFile,
    "scorecard": ScorecardFile,
    "verification": VerificationFile,
}
"""Root model by name of the file without ".yaml"."""

__all__ = [
    "RULE_FILES",
    "ApprovalsFile",
    "BureausFile",
    "ChannelsFile",
    "ConsentFile",
    "CuesFile",
    "DispositionsFile",
    "FlagsFile",
    "Misfit",
    "OffersFile",
    "PackHead",
    "SaveRulesFile",
    "ScorecardFile",
    "TariffFile",
    "VerificationFile",
    "check_across",
]

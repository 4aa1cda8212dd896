import pytest

from copilot.guard.verification import Rulebook
from knowledge.pack import Pack


@pytest.fixture(scope="session")
def rulebook(demo_pack: Pack) -> Rulebook:
    return Rulebook(demo_pack.verification, cpni=True)


@pytest.fixture(scope="session")
def lighter(demo_pack: Pack) -> Rulebook:
    return Rulebook(demo_pack.verification, cpni=False)

"""The example of docs/connect.md is one that works."""

import re
from pathlib import Path

from copilot.connect.systems import kinds, load_connections

GUIDE = Path(__file__).parents[4] / "docs" / "connect.md"


def test_the_example_in_the_guide_is_taken_as_it_stands(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert example is not None
    (tmp_path / "connect.yaml").write_text(example[1], "utf-8")
    variables = re.findall(r"\w*variable: (\w+)", example[1])
    connections = load_connections(str(tmp_path / "connect.yaml"), tmp_path, environ=dict.fromkeys(variables, "secret"))
    assert list(connections.systems) == ["crm", "helpdesk", "chat", "billing", "old_list"]
    assert connections.fields["crm"] == {"phone": "contact.phone", "seats": "seats"}


def test_the_guide_names_every_kind_of_system() -> None:
    text = GUIDE.read_text("utf-8")
    assert [kind for kind in kinds() if f"| `{kind}`" not in text] == []

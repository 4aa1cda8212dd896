import subprocess
import sys
from pathlib import Path


def test_the_arrows_between_the_packages_point_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint], capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)
    assert checked.returncode == 0, checked.stdout

"""The documentation shows each screen in every look, and nothing that no script takes."""

import re


def test_each_screen_is_shown_in_light_and_dark_wide_and_narrow(root):
    scripts = "".join(path.read_text("utf-8") for path in (root / "tests" / "web").glob("*/pictures.py"))
    names = re.findall(r'camera\.take\(.*?"([\w-]+)"', scripts)
    looks = [f"{scheme}-{width}" for scheme in ("light", "dark") for width in ("wide", "narrow")]
    there = {path.stem for path in (root / "docs" / "screens").iterdir()}
    assert len(names) == 7 and there == {f"{name}-{look}" for name in names for look in looks}

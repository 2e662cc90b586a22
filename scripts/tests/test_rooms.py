"""docs/architecture.md is what the sources say."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class RoomsTest(unittest.TestCase):
    def test_picture_and_table_are_up_to_date(self):
        done = subprocess.run(
            [sys.executable, "-B", ROOT / "scripts" / "rooms", "--check"], capture_output=True, text=True, check=False
        )
        self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_every_file_that_the_page_names_exists(self):
        """`train/Training.java` is below org/duovox, `train/trainer.cpp` below native/src."""
        page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
        names = set(re.findall(r"`([\w.-]+/[\w/.-]+\.(?:java|cpp|h|py|sh|xml|md|yaml))`", page))
        bases = [ROOT, ROOT / "native" / "src"]
        bases += [ROOT / "java" / module / "src" / "main" / "java" / "org" / "duovox" for module in ("core", "cli")]
        missing = sorted(name for name in names if not any((base / name).is_file() for base in bases))
        self.assertEqual([], missing)


if __name__ == "__main__":
    unittest.main()

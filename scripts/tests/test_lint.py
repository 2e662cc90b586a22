"""Tests of scripts/lint --spelling on files made here; skipped where codespell is not in the cache, for they fetch nothing."""

import pathlib
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[1]


def codespell_is_there():
    return subprocess.run([SCRIPTS / "fetch", "codespell", "--check"], capture_output=True).returncode == 0


@unittest.skipUnless(codespell_is_there(), "codespell is not in the cache: scripts/lint --spelling fetches it")
class SpellingTest(unittest.TestCase):
    def spelling(self, text):
        """Exit code of the check on a file with that text, and the lines it prints, without the file's folder."""
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "Sample.java").write_text(text)
            command = [SCRIPTS / "lint", "--spelling", f"{folder}/Sample.java"]
            done = subprocess.run(command, capture_output=True, text=True)
            return done.returncode, done.stdout.replace(folder + "/", "").splitlines()

    def test_a_misspelling_is_named_with_file_and_line(self):
        self.assertEqual((1, ["Sample.java:2: lenght ==> length"]), self.spelling("Right.\nThe lenght.\n"))

    def test_british_spelling_is_a_misspelling(self):
        self.assertEqual((1, ["Sample.java:1: colour ==> color"]), self.spelling("One colour.\n"))

    def test_words_within_names_count(self):
        for name in ("nearestNeighbour", "NeighbourCount", "NEIGHBOUR_COUNT", "neighbour_count", "XMLNeighbour"):
            code, lines = self.spelling(f"int {name} = 1;\n")
            self.assertEqual((1, 1), (code, len(lines)), name)

    def test_names_of_formats_and_what_touches_digits_are_left_alone(self):
        text = '{"normalisation": "none", "path": "a.caf"} // python3 block2 FIXED64 0x1acheived2 "\\noutput"\n'
        self.assertEqual((0, []), self.spelling(text))

    def test_the_same_word_in_prose_is_not(self):
        self.assertEqual(1, self.spelling("/// The normalisation of the samples.\n")[0])


if __name__ == "__main__":
    unittest.main()

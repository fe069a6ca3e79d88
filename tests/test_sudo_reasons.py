"""Each function that goes round the rules says why that can't leak."""

import ast
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[1]


class TestSudoReasons(unittest.TestCase):
    def test_sudo_has_a_reason(self):
        """A comment "sudo: ..." above it, in the same function."""
        files = [
            path
            for path in ROOT.glob("customer_archive*/**/*.py")
            if "tests" not in path.parts
        ]
        self.assertGreater(len(files), 100)
        for path in files:
            text = path.read_text()
            for line in self._find_silent(text):
                with self.subTest(file=path.relative_to(ROOT), line=line):
                    self.fail("sudo() without a reason")

    @staticmethod
    def _find_silent(text):
        """Lines with ``sudo()`` in functions that give no reason before it."""
        lines = text.splitlines()
        for function in ast.walk(ast.parse(text)):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if not (isinstance(node, ast.Call) and not node.args):
                    continue
                if getattr(node.func, "attr", None) != "sudo":
                    continue
                above = lines[function.lineno - 1 : node.end_lineno]
                if not any("sudo:" in line for line in above):
                    yield node.end_lineno

    def test_silent_one_is_found(self):
        said = "def f(self):\n    # sudo: a name\n    return self.sudo().name\n"
        silent = "def f(self):\n    return self.sudo().name\n"
        self.assertEqual(list(self._find_silent(said)), [])
        self.assertEqual(list(self._find_silent(silent)), [2])

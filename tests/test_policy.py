"""docs/policy.md promises no clause that no test shows."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| (S\d-\d+[^|]*)\|[^|]*\|([^|]*)\|$", re.M)


def _read_tests():
    """Text of each test function of the project, by its name."""
    functions = {}
    for path in [*ROOT.glob("tests/**/*.py"), *ROOT.glob("customer_*/tests/*.py")]:
        text = path.read_text(encoding="utf-8")
        for body in re.split(r"^(?= *def test_)", text, flags=re.M)[1:]:
            functions[re.match(r" *def (test_\w+)", body)[1]] = body
    return functions


def test_each_row_names_tests_that_name_its_clauses():
    rows = ROW.findall((ROOT / "docs" / "policy.md").read_text(encoding="utf-8"))
    assert rows
    functions = _read_tests()
    for clauses, cell in rows:
        names = re.findall(r"`(test_\w+)`", cell)
        unknown = [name for name in names if name not in functions]
        assert names and not unknown, f"{clauses}: no such test: {unknown}"
        bodies = "".join(functions[name] for name in names)
        named = set(re.findall(r"S\d-\d+", bodies))
        for first, last in re.findall(r"(S\d-\d+) to (S\d-\d+)", bodies):
            prefix = first.split("-")[0]
            low, high = (int(clause.split("-")[1]) for clause in (first, last))
            named |= {f"{prefix}-{number}" for number in range(low, high + 1)}
        missing = set(re.findall(r"S\d-\d+", clauses)) - named
        assert not missing, f"{missing} are not named by {names}"

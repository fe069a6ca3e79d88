"""Every term of the addons is in their .pot and well translated in their zh_CN.po.

With LINT_FIX set, writes the .pot and merges new terms into the .po first.
"""

import io
import os
import re

import polib
import pytest
from lib.databases import setting
from lib.paths import ROOT, addons

import odoo.tests
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools.translate import trans_export

PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?[\d.]*[a-zA-Z]|%[sdrif%]|\{\w*\}|</?\w+")


def exported(addon):
    """The addon's terms as they are now."""
    buffer = io.BytesIO()
    with Registry(odoo.tests.common.get_db_name()).cursor(readonly=True) as cr:
        trans_export(None, [addon], buffer, "po", api.Environment(cr, SUPERUSER_ID, {}))
    return polib.pofile(buffer.getvalue().decode() or 'msgid ""\nmsgstr ""\n')


def save(catalogue, path):
    path.parent.mkdir(exist_ok=True)
    # the hour of the export would make each one a change
    for key in ("POT-Creation-Date", "PO-Revision-Date"):
        catalogue.metadata.pop(key, None)
    catalogue.wrapwidth = 78
    catalogue.save(str(path))


def key(entry):
    return entry.msgctxt, entry.msgid


def faults(entry):
    if "fuzzy" in entry.flags:
        yield "fuzzy"
    if not entry.translated():
        yield "untranslated"
    elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(
        PLACEHOLDER.findall(entry.msgstr)
    ):
        yield f"other placeholders or tags in {entry.msgstr!r}"


@pytest.mark.parametrize("addon", addons())
def test_translations(addon):
    folder = ROOT / addon / "i18n"
    pot_path, po_path = folder / f"{addon}.pot", folder / f"{setting('language')}.po"
    now = exported(addon)
    if os.environ.get("LINT_FIX") and len(now):
        save(now, pot_path)
        po = polib.pofile(str(po_path)) if po_path.exists() else polib.POFile()
        po.metadata = now.metadata | {"Language": setting("language")} | po.metadata
        po.merge(now)
        for entry in po.obsolete_entries():
            po.remove(entry)
        save(po, po_path)
    wanted = {key(entry) for entry in now}
    problems = []
    for path in (pot_path, po_path):
        name = path.relative_to(ROOT)
        if not path.exists():
            problems.append(f"{name} is missing")
            continue
        there = polib.pofile(str(path))
        known = {key(entry) for entry in there if not entry.obsolete}
        problems += [
            f"{name}: lacks {msgid!r}" for _, msgid in sorted(wanted - known, key=str)
        ]
        problems += [
            f"{name}: {msgid!r} is gone" for _, msgid in sorted(known - wanted, key=str)
        ]
        if path == po_path:
            problems += [
                f"{name}:{entry.linenum}: {entry.msgid!r}: {fault}"
                for entry in there
                if not entry.obsolete
                for fault in faults(entry)
            ]
    hint = "`bin/lint --fix` writes the .pot and merges new terms into the .po"
    assert not problems, "\n".join([f"{len(problems)} problems", *problems[:40], hint])

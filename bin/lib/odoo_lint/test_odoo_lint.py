"""Odoo's own checks of every addon on the path, kept to this project's addons.

Checks of the registry need no such limit: Odoo's models pass them.
"""

from unittest.mock import patch

import pytest
from lib.paths import addons

from odoo.modules import Manifest

from odoo.addons.base.tests.test_deprecation import TestModelDeprecations
from odoo.addons.base.tests.test_overrides import TestOverrides
from odoo.addons.test_lint.tests.test_dunderinit import TestDunderinit
from odoo.addons.test_lint.tests.test_index import TestIndex
from odoo.addons.test_lint.tests.test_jstranslate import TestJsTranslations
from odoo.addons.test_lint.tests.test_manifests import ManifestLinter
from odoo.addons.test_lint.tests.test_naming import TestNaming
from odoo.addons.test_lint.tests.test_onchange_domains import TestOnchangeDomains
from odoo.addons.test_lint.tests.test_orm_import import (
    TestDunderinit as TestOrmImport,
)
from odoo.addons.test_lint.tests.test_override_signatures import (
    TestLintOverrideSignatures,
)
from odoo.addons.test_lint.tests.test_routes import RoutesLinter
from odoo.addons.test_lint.tests.test_test_holes import TestTestHoles


@pytest.fixture(autouse=True)
def only_our_addons():
    ours = [Manifest.for_addon(name) for name in addons()]
    with patch.object(Manifest, "all_addon_manifests", return_value=ours):
        yield

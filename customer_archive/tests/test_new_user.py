from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
class TestNewUser(ArchiveCommon):
    def test_users_with_an_inbox_are_made_as_ever(self):
        """No column of ours depends on users in the making: Odoo would search it."""
        groups = "base.group_user,sales_team.group_sale_salesman"
        for login in ("first", "second"):
            user = mail_new_test_user(
                self.env,
                login=f"inbox_{login}",
                groups=groups,
                notification_type="inbox",
            )
            self.env.flush_all()
            self.assertFalse(user.share)
            team = self.teams["north"]
            team.archive_supervisor_ids += user

    def test_no_column_depends_on_whether_users_are_internal(self):
        """A column of many users with a list for a domain does, unseen."""
        depends = self.env.registry.field_depends
        found = [
            str(field)
            for field, paths in depends.items()
            if field.model_name.startswith(("customer.", "crm.team"))
            and field.name in ("archive_supervisor_ids", "liaison_ids")
            and any("." in path for path in paths)
        ]
        self.assertFalse(found)

import re
import unicodedata

from odoo import api, fields, models
from odoo.tools import SQL, email_domain_extract, escape_psql

# What says nothing about which company it is: legal forms and places' endings.
NAME_NOISE = re.compile(
    r"股份有限公司|有限责任公司|有限公司|集团|公司|厂|"
    r"\b(?:co|company|ltd|limited|inc|corp|corporation|llc|gmbh|ag|sa|srl|bv|plc|kg)\b",
    re.I,
)
PHONE_DIGITS = 8
MOST_SHOWN = 5


class CustomerDossier(models.Model):
    """Warns of customers who may be on file already under another name (S4-27)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    name_key = fields.Char(compute="_compute_name_key", store=True, index="trigram")
    phone_key = fields.Char(
        compute="_compute_contact_keys", store=True, index="btree_not_null"
    )
    domain_key = fields.Char(
        compute="_compute_contact_keys", store=True, index="btree_not_null"
    )
    overlap_warning = fields.Text(compute="_compute_overlap_warning")

    @api.depends("partner_name")
    def _compute_name_key(self):
        for dossier in self:
            dossier.name_key = self._get_name_key(dossier.partner_name)

    @api.depends("partner_id.phone", "partner_id.email", "partner_id.website")
    def _compute_contact_keys(self):
        hosts = self.env["customer.archive.policy"]._get_public_hosts()
        for dossier in self:
            partner = dossier.partner_id
            dossier.phone_key = self._get_phone_key(partner.phone)
            dossier.domain_key = self._get_domain_key(partner, hosts)

    @api.model
    def _get_name_key(self, name):
        """What is left of a company's name without its legal form and signs."""
        text = unicodedata.normalize("NFKC", name or "").lower().replace(".", "")
        core = re.sub(r"\W+", " ", NAME_NOISE.sub(" ", text)).strip()
        return core or text or False

    @api.model
    def _get_phone_key(self, phone):
        """The last digits of a number, whatever the country code before them."""
        digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone or ""))
        return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else False

    @api.model
    def _get_domain_key(self, partner, hosts):
        """The customer's own domain; none where the address is of a public host."""
        website = re.sub(r"^https?://(www\.)?", "", partner.website or "").split("/")[0]
        domain = website or email_domain_extract(partner.email or "") or ""
        return False if domain.lower() in hosts else domain.lower() or False

    @api.depends("partner_id", "company_id")
    def _compute_overlap_warning(self):
        for dossier in self:
            lines = [
                f"{found.number} {found.partner_id.name}"
                + (f" ({found.keeper_id.name})" if found.keeper_id else "")
                for found in dossier._find_overlaps()
            ]
            dossier.overlap_warning = "\n".join(lines)

    def _find_overlaps(self):
        """Dossiers of the company that may be of the same customer, likest first.

        :return: dossiers as superuser; only number, customer and keeper may be shown
        """
        self.ensure_one()
        # sudo: what overlaps may be closed to the user; he is shown its stub
        dossiers = self.sudo()
        partner = self.partner_id._origin or self.partner_id
        company = self.company_id or self.env.company
        # nothing of another company, even where a form was given its name
        if not partner or company not in self.env.companies:
            return dossiers.browse()
        name = self._get_name_key(partner.complete_name) or ""
        policies = self.env["customer.archive.policy"]
        hosts = policies._get_public_hosts()
        dossiers.flush_model(["name_key", "phone_key", "domain_key"])
        self.env["res.partner"].flush_model(["vat"])
        # what the operator % goes by, the one that is answered by the index
        self.env.execute_query(
            SQL(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)",
                str(policies._get_policy(company).name_likeness / 100),
            )
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM (
                    SELECT d.id, similarity(d.name_key, %(name)s) AS likeness
                      FROM customer_dossier d WHERE d.name_key %% %(name)s
                           AND d.active AND d.company_id = %(company)s
                    UNION ALL
                    SELECT d.id, 1 FROM customer_dossier d
                     WHERE d.name_key LIKE %(part)s
                           AND d.active AND d.company_id = %(company)s
                    UNION ALL
                    SELECT d.id, 2 FROM customer_dossier d
                     WHERE d.phone_key = %(phone)s
                           AND d.active AND d.company_id = %(company)s
                    UNION ALL
                    SELECT d.id, 3 FROM customer_dossier d
                     WHERE d.domain_key = %(domain)s
                           AND d.active AND d.company_id = %(company)s
                    UNION ALL
                    SELECT d.id, 4 FROM res_partner p
                      JOIN customer_dossier d ON d.partner_id = p.id
                     WHERE p.vat = %(vat)s
                           AND d.active AND d.company_id = %(company)s
                ) found
                WHERE id != %(own)s
                GROUP BY id ORDER BY max(likeness) DESC, id LIMIT %(most)s
                """,
                name=name or None,
                # a shorter part would be of half the town
                part=f"%{escape_psql(name)}%" if len(name) > 2 else None,
                phone=self._get_phone_key(partner.phone) or None,
                domain=self._get_domain_key(partner, hosts) or None,
                vat=partner.vat or None,
                company=company.id,
                own=self._origin.id or 0,
                most=MOST_SHOWN,
            )
        )
        return dossiers.browse(id_ for (id_,) in rows)

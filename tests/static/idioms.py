"""The table of old forms that must not appear in our modules."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Idiom:
    """An old form that must not appear.

    :param pattern: regular expression of the old form
    :param glob: files of a module it is looked for in
    :param reason: what the old form does in 19.0, and what to write
    :param sample: text that the pattern must catch
    :param in_tests: whether it is looked for in tests too
    """

    pattern: str
    glob: str
    reason: str
    sample: str
    in_tests: bool = True

    def find(self, text):
        """Return the lines (counted from 1) of a text where the old form begins."""
        found = re.finditer(self.pattern, text, re.MULTILINE)
        return [text.count("\n", 0, match.start()) + 1 for match in found]


PY, XML, JS = "**/*.py", "**/*.xml", "**/*.js"

IDIOMS = [
    # ORM: table objects
    Idiom(
        r"\b_sql_constraints\b",
        PY,
        "ignored, the constraint is never made: models.Constraint",
        '_sql_constraints = [("a", "unique(a)", "b")]',
    ),
    Idiom(
        r"create_(unique_)?index\(",
        PY,
        "untracked: models.Index, models.UniqueIndex",
        "tools.create_index(cr, 'a', 'b', ['c'])",
    ),
    Idiom(
        r"^\s+[a-z]\w* = models\.(Constraint|Index|UniqueIndex)\(",
        PY,
        "its name must begin with an underscore",
        "    code_uniq = models.Constraint('UNIQUE(code)')",
    ),
    # ORM: records
    Idiom(
        r"@api\.model\n\s+def create\(",
        PY,
        "receives a list: @api.model_create_multi, create(self, vals_list)",
        "    @api.model\n    def create(self, vals):",
    ),
    Idiom(
        r"def create\(self, (vals|values)\)",
        PY,
        "receives a list: create(self, vals_list)",
        "def create(self, vals):",
    ),
    Idiom(
        r"\bdef name_get\b",
        PY,
        "silently ignored: _compute_display_name",
        "    def name_get(self):",
    ),
    Idiom(
        r"\bdef (_name_search|_search_name)\b",
        PY,
        "silently ignored: _rec_names_search or _search_display_name",
        "    def _name_search(self, name):",
    ),
    Idiom(
        r"\b(search|name_search|search_count)\([^)]*\bargs=",
        PY,
        "TypeError: domain=",
        "self.search(args=[])",
    ),
    Idiom(
        r"(?<!\w)\.read_group\(",
        PY,
        "deprecated: _read_group or formatted_read_group",
        "self.env['a'].read_group([], [], [])",
    ),
    Idiom(
        r"FOR UPDATE\b",
        PY,
        "aborts the transaction: try_lock_for_update or lock_for_update",
        'cr.execute("SELECT 1 FROM a FOR UPDATE NOWAIT")',
    ),
    Idiom(
        r"\.(flush|invalidate_cache|clear_caches)\(",
        PY,
        "gone: flush_model, invalidate_recordset, registry.clear_cache",
        "self.invalidate_cache()",
    ),
    Idiom(
        r"\bself\._(cr|uid|context)\b",
        PY,
        "deprecated: self.env.cr, .uid, .context",
        "self._context",
    ),
    Idiom(
        r"\bforce_company\b",
        PY,
        "no effect: with_company",
        "self.with_context(force_company=1)",
    ),
    Idiom(
        r"\bcheck_access_(rights|rule)\b",
        PY,
        "deprecated: check_access, has_access",
        "self.check_access_rights('read')",
    ),
    Idiom(
        r"\b_check_recursion\b",
        PY,
        "the meaning is inverted: _has_cycle",
        "if not self._check_recursion():",
    ),
    Idiom(
        r"\btoggle_active\b",
        "**/*.*",
        "deprecated: action_archive, action_unarchive",
        "self.toggle_active()",
    ),
    Idiom(
        r"\buser_has_groups\b",
        PY,
        "gone: env.user.has_group",
        "self.user_has_groups('a.b')",
    ),
    Idiom(
        r"copy_data\([^)]*\)\[0\]",
        PY,
        "copies many records: copy_data returns a list",
        "super().copy_data(default)[0]",
    ),
    Idiom(
        r"\b_\(\s*f[\"']",
        PY,
        "untranslatable: self.env._('... %(name)s', name=...)",
        '_(f"Unit {name}")',
    ),
    Idiom(
        r"\b_\([^()]*[\"']\s*\)\s*%",
        PY,
        "untranslatable: placeholders are arguments of env._",
        '_("Unit %s") % name',
    ),
    Idiom(
        r"env\.ref\([^)]*raise_if_not_found=False\)\.exists\(",
        PY,
        "env.ref returns None",
        "env.ref('a.b', raise_if_not_found=False).exists()",
    ),
    Idiom(
        r"\bodoo\.registry\(",
        PY,
        "gone: odoo.modules.registry.Registry",
        "odoo.registry(db)",
    ),
    # Fields
    Idiom(
        r"\bgroup_operator\s*=",
        PY,
        "deprecated: aggregator",
        "fields.Float(group_operator='sum')",
    ),
    Idiom(
        r"\bauto_join\s*=",
        PY,
        "no effect: bypass_search_access",
        "fields.Many2one('a', auto_join=True)",
    ),
    Idiom(
        r"fields\.\w+\([^()]*\bstates\s*=",
        PY,
        "no effect: readonly in the view",
        "fields.Char(states={'done': []})",
    ),
    Idiom(
        r"\bcompute_sql\s*=",
        PY,
        "does not exist in 19.0",
        "fields.Char(compute_sql='_x')",
    ),
    # Domains
    Idiom(
        r"\bosv\b.*\bexpression\b|\bodoo\.osv\b",
        PY,
        "deprecated: odoo.fields.Domain",
        "from odoo.osv import expression",
    ),
    Idiom(
        r"assert operator in\b",
        PY,
        "explodes, operator is 'in': return NotImplemented",
        "assert operator in ('=', '!=')",
    ),
    Idiom(
        r"\(\s*[\"'][\w.]+[\"'],\s*[\"'](IN|NOT IN|==|<>)[\"']",
        PY,
        "deprecated: lower-case 'in', '=', '!='",
        "[('a', '==', 1)]",
    ),
    Idiom(
        r"context_today\(\)\s*\.",
        XML,
        "the browser's day: 'today', 'today -7d'",
        "[('d', '=', context_today().strftime('%Y'))]",
    ),
    # Security data
    Idiom(
        r"model=\"res\.groups\"[^>]*>(?:(?!</record>)[\s\S])*name=\"category_id\"",
        XML,
        "ValueError: privilege_id",
        '<record id="a" model="res.groups"><field name="category_id" ref="b"/></record>',
    ),
    Idiom(
        r"model=\"res\.groups\"[^>]*>(?:(?!</record>)[\s\S])*name=\"users\"",
        XML,
        "ValueError: user_ids",
        '<record id="a" model="res.groups"><field name="users" eval="[]"/></record>',
    ),
    Idiom(
        r"\bgroups_id\b",
        "**/*.*",
        "ValueError: group_ids (res.users: all_group_ids with the implied)",
        "user.groups_id",
    ),
    # Scheduled actions
    Idiom(
        r"name=\"(numbercall|doall)\"",
        XML,
        "ValueError: gone from ir.cron",
        '<field name="numbercall">-1</field>',
    ),
    Idiom(
        r"\bcr\.commit\(",
        PY,
        "no time budget, breaks tests: ir.cron _commit_progress",
        "self.env.cr.commit()",
        in_tests=False,
    ),
    Idiom(
        r"\b_notify_progress\b",
        PY,
        "deprecated: _commit_progress",
        "cron._notify_progress(done=1)",
    ),
    # Views and actions
    Idiom(r"<tree\b", XML, "ValidationError: <list>", "<tree>"),
    Idiom(
        r"\btree,|,tree\b",
        "**/*.*",
        "breaks in the browser: view_mode list,form",
        '<field name="view_mode">tree,form</field>',
    ),
    Idiom(
        r"\s(attrs|states)=\"",
        XML,
        "ValidationError: invisible=, readonly=, required=",
        '<field name="a" attrs="{}"/>',
    ),
    Idiom(
        r"<group[^>]*\bexpand=",
        XML,
        "RELAXNG error: <group> without attributes in <search>",
        '<group expand="0" string="Group By">',
    ),
    Idiom(
        r"kanban-box",
        XML,
        'the client throws: t-name="card"',
        '<t t-name="kanban-box">',
    ),
    Idiom(
        r"oe_chatter",
        XML,
        "no chatter is rendered: <chatter/>",
        '<div class="oe_chatter">',
    ),
    Idiom(
        r"\bt-(raw|esc)=",
        XML,
        "t-out",
        '<span t-esc="a"/>',
    ),
    Idiom(
        r"name=\"target\">inline<",
        XML,
        "ValueError: current, new, fullscreen, main",
        '<field name="target">inline</field>',
    ),
    # Controllers, mail, JS
    Idiom(
        r"type=[\"']json[\"']",
        PY,
        "deprecated: type='jsonrpc'",
        "@http.route('/a', type='json')",
    ),
    Idiom(
        r"\brequest\.(cr|uid|context)\b",
        PY,
        "deprecated: request.env.cr, .uid, .context",
        "request.uid",
    ),
    Idiom(
        r"Markup\(\s*f[\"']",
        PY,
        "cross-site scripting: Markup('... %s') % value",
        "Markup(f'<b>{name}</b>')",
    ),
    Idiom(
        r"\bmessage_post_with_view\b",
        PY,
        "gone: message_post_with_source",
        "self.message_post_with_view('a')",
    ),
    Idiom(
        r"\b_message_add_suggested_recipient\b",
        PY,
        "never runs: _message_add_suggested_recipients",
        "def _message_add_suggested_recipient(self):",
    ),
    Idiom(
        r"\bpublicWidget\b",
        JS,
        "the Interaction class",
        "publicWidget.registry.a = 1",
    ),
    Idiom(
        r"\bQUnit\b",
        JS,
        "Hoot: static/tests/*.test.js",
        "QUnit.test('a')",
    ),
    # Business models that moved
    Idiom(
        r"\bpartner\w*\.mobile\b",
        PY,
        "gone: res.partner.phone",
        "partner.mobile",
    ),
    Idiom(
        r"[\"']detailed_type[\"']",
        PY,
        "gone: type, is_storable",
        "{'detailed_type': 'service'}",
    ),
    Idiom(
        r"\bhr\.contract\b",
        "**/*.*",
        "gone: hr.version",
        "self.env['hr.contract']",
    ),
    # Tests
    Idiom(
        r"\bSavepointCase\b|odoo\.tests\.common import",
        PY,
        "deprecated: from odoo.tests import ...",
        "from odoo.tests.common import Form",
    ),
]

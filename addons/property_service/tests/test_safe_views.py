import json

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .feedback_common import FeedbackCase
from .test_safe_web import MARKS, SCRIPT

# Opens the views one after another; each has to show what was typed, as text.
LOOK = """
    const views = %s;
    const find = (selector) => [...document.querySelectorAll(selector)];
    const wait = async (name, selector) => {
        for (let turn = 0; turn < 100; turn++) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            if (window.hacked) {
                throw new Error("what somebody typed was run by " + name);
            }
            if (find(selector).some((one) => one.textContent.includes("<script>"))) {
                return;
            }
        }
        throw new Error("what somebody typed is not shown by " + name);
    };
    (async () => {
        const { action } = odoo.__WOWL_DEBUG__.root.env.services;
        for (const [name, selector, viewType] of views) {
            const options = { clearBreadcrumbs: true };
            if (viewType) {
                options.viewType = viewType;
            }
            await action.doAction("property_service." + name, options);
            await wait(`${name} ${viewType || selector}`, selector);
        }
        console.log("test successful");
    })().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestSafeViews(HttpCase, FeedbackCase):
    """What somebody typed is shown by every kind of view, and run by none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Names are typed in English, whatever languages the database speaks.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.building = cls.env["property.building"].create(
            {
                "community_id": cls.community.id,
                "name": f"Tower {SCRIPT}{MARKS}",
                "code": "T",
            }
        )
        cls.unit.building_id = cls.building
        cls.zhang.partner_id.name = f"Zhang {SCRIPT}{MARKS}"
        cls.first.name = f"Ann {SCRIPT}{MARKS}"
        cls.problem.parent_id.name = f"Water {SCRIPT}{MARKS}"
        words = {
            "subject": f"Tap {SCRIPT}{MARKS}",
            "description": f"Drips {SCRIPT}{MARKS}",
        }
        now = fields.Datetime.now()
        order = cls._order(cls._create_ticket(appointment_at=now, **words))
        order._give({order: cls.first})
        cls._order(cls._create_ticket(**words))
        cls.incident = cls.env["property.incident"].create(
            {
                "name": f"Cut {SCRIPT}{MARKS}",
                "message": f"Dry {SCRIPT}{MARKS}",
                "community_id": cls.community.id,
                "category_ids": [Command.set(cls.problem.ids)],
            }
        )
        cls.env["property.house.fact"].create(
            {"unit_id": cls.unit.id, "text": f"Dog {SCRIPT}{MARKS}"}
        )

    def _look(self, *views):
        self.browser_js(
            "/odoo/property-service-prices",
            LOOK % json.dumps(views),
            ready="Boolean(odoo.__WOWL_DEBUG__?.root?.env.services.action)",
            login="svc_manager",
        )

    def test_tickets_and_orders(self):
        self._look(
            ["property_ticket_action", ".o_kanban_record", "kanban"],
            ["property_ticket_action", ".o_data_row", "list"],
            ["property_ticket_action", ".o_calendar_view", "calendar"],
            ["property_work_order_action", ".o_kanban_record", "kanban"],
            ["property_work_order_action", ".o_kanban_header", "kanban"],
            ["property_work_order_action", ".o_data_row", "list"],
            ["property_work_order_action", ".o_calendar_view", "calendar"],
        )

    def test_maps_and_figures(self):
        self._look(
            ["property_service_day_map_action", ".o_day_waiting .o_day_card"],
            ["property_service_day_map_action", ".o_day_table .o_day_card"],
            ["property_service_day_map_action", ".o_day_table .o_day_name"],
            ["property_service_heat_map_action", ".o_heat_table .o_heat_row"],
            ["property_service_heat_map_action", ".o_heat_table thead"],
            ["property_service_report_action", ".o_pivot", "pivot"],
        )

    def test_incidents(self):
        self._look(
            ["property_incident_action", ".o_kanban_record", "kanban"],
            ["property_incident_action", ".o_data_row", "list"],
            ["property_incident_action", ".o_calendar_view", "calendar"],
            ["property_incident_report_action", ".o_data_row", "list"],
        )

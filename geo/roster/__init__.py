"""The roster as files: people, posts and places in by Excel and out again, handed over, renewed.

The rules of the workbook stand in ``docs/administrators-people.md``.
"""

from geo.roster.drafts import Draft, apply_draft, discard_draft, get_draft, list_changes
from geo.roster.exporting import export_people
from geo.roster.hand_over import HandOver, hand_over
from geo.roster.importing import RosterImport, import_people
from geo.roster.place_files import export_places
from geo.roster.places import import_places
from geo.roster.renewal import Renewal, plan_renewal
from geo.roster.template import template_workbook

__all__ = [
    "Draft",
    "HandOver",
    "Renewal",
    "RosterImport",
    "apply_draft",
    "discard_draft",
    "export_people",
    "export_places",
    "get_draft",
    "hand_over",
    "import_people",
    "import_places",
    "list_changes",
    "plan_renewal",
    "template_workbook",
]

"""The roster as files: people, posts and places in by Excel and out again, handed over, renewed.

The rules of the workbook stand in ``docs/administrators-people.md``.
"""

from geo.roster.exporting import export_people
from geo.roster.importing import RosterImport, import_people
from geo.roster.place_files import export_places
from geo.roster.places import import_places
from geo.roster.template import template_workbook

__all__ = [
    "RosterImport",
    "export_people",
    "export_places",
    "import_people",
    "import_places",
    "template_workbook",
]

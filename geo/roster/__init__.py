"""The roster as files: people, posts and places in by Excel and out again, handed over, renewed.

The rules of the workbook stand in ``docs/administrators-people.md``.
"""

from geo.roster.importing import RosterImport, import_people

__all__ = ["RosterImport", "import_people"]

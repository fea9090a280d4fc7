"""The zone in figures: roster, service record, places, units; every table with its definitions."""

from geo.statistics.export import Exported, write_csv, write_xlsx
from geo.statistics.places import place_table
from geo.statistics.roster import moves_table, roster_table
from geo.statistics.services import ServiceCases, service_table
from geo.statistics.suppression import suppress_small_groups
from geo.statistics.table import Measure, Note, Row, Table
from geo.statistics.units import unit_table

__all__ = [
    "Exported",
    "Measure",
    "Note",
    "Row",
    "ServiceCases",
    "Table",
    "moves_table",
    "place_table",
    "roster_table",
    "service_table",
    "suppress_small_groups",
    "unit_table",
    "write_csv",
    "write_xlsx",
]

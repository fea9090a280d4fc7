"""逐级考核: a person's sheet for a period, fed from the service record, judged level by level.

A sheet is opened, the person says what they have done (一述), each level from the third to the first gives
its opinion (二考), and closing fixes the figures. What follows from it for pay, honours and posts (三挂钩) is
decided by people elsewhere. Sheets are never ranked and persons never compared: a count says how much was
written down, not how well people were served.
"""

from geo.appraisal.reading import get_appraisal, get_evidence, list_appraisals
from geo.appraisal.steps import close_appraisal, open_appraisals, record_opinion, record_statement
from geo.appraisal.values import GRADES, Evidence, KindCount, Opened, Sheet
from geo.store.appraisal import OpinionRow, RecordRow, SheetRow

__all__ = [
    "GRADES",
    "Evidence",
    "KindCount",
    "Opened",
    "OpinionRow",
    "RecordRow",
    "Sheet",
    "SheetRow",
    "close_appraisal",
    "get_appraisal",
    "get_evidence",
    "list_appraisals",
    "open_appraisals",
    "record_opinion",
    "record_statement",
]

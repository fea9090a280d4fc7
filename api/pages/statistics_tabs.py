"""The tabs above the statistics and appraisal pages."""

from __future__ import annotations

from typing import Any

from api.pages.statistics_filters import SECTIONS
from api.pages.statistics_words import say
from geo.model import Actor
from geo.permissions import SEE_APPRAISALS, may


def tab_values(actor: Actor, lang: str, tab: str) -> dict[str, Any]:
    """What ``statistics_tabs.html`` needs: the tabs an asker may open, and which one is open."""
    english = "&lang=en" if lang == "en" else ""
    tabs: list[tuple[str, str, str]] = [
        (each, f"/statistics?section={each}{english}", say(lang, f"section.{each}")) for each in SECTIONS
    ]
    if may(actor, SEE_APPRAISALS):
        tabs.append(("appraisals", f"/appraisals{english.replace('&', '?')}", say(lang, "appraisals")))
    return {"tabs": tabs, "tab": tab, "print_word": say(lang, "print")}

"""Dates as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from ui.catalog import Catalog

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def spoken(when: datetime, now: datetime, catalog: Catalog) -> str:
    """ "Today at 14:05", "Yesterday at 9:30", "Monday, 3 March at 8:00", "3 March 2024".

    Args:
        when: aware.
        now: aware; both are read in the time zone of the machine. static/dates.js reads them again in
            the reader's own zone, where the browser can run it.
    """
    there, here = when.astimezone(), now.astimezone()
    clock = catalog.text("date.clock", hour=there.hour, minute=f"{there.minute:02d}")
    month = catalog.text(f"month.{_MONTHS[there.month - 1]}")
    if there.date() == here.date():
        return catalog.text("date.today", time=clock)
    if there.date() == here.date() - timedelta(days=1):
        return catalog.text("date.yesterday", time=clock)
    if abs(here - there) < timedelta(days=300):
        day = catalog.text(f"day.{_DAYS[there.weekday()]}")
        return catalog.text("date.this_year", weekday=day, day=there.day, month=month, time=clock)
    return catalog.text("date.long_ago", day=there.day, month=month, year=str(there.year))


def day_of(when: datetime, catalog: Catalog) -> str:
    """ "3 March 2025", whatever the day is today: for what is taken away and read later."""
    there = when.astimezone()
    month = catalog.text(f"month.{_MONTHS[there.month - 1]}")
    return catalog.text("date.day", day=there.day, month=month, year=str(there.year))


def month_of(when: datetime, catalog: Catalog) -> str:
    """ "March 2025": the heading under which the journal keeps a conversation."""
    there = when.astimezone()
    return catalog.text(
        "date.month", month=catalog.text(f"month.{_MONTHS[there.month - 1]}"), year=str(there.year)
    )

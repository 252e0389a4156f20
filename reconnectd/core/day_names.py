"""What days and months are called, short and long, and how the days of a month are counted."""

from __future__ import annotations

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}

_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

WEEKDAY_OF = {name: n for names in (WEEKDAYS, _LONG_DAYS) for n, name in enumerate(names)}
"""0 is Monday."""

MONTH_OF = {name: n for names in (MONTHS, _LONG_MONTHS) for n, name in enumerate(names, 1)}
"""1 is January."""

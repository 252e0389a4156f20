"""Season and daylight, near enough for an idea: from the month, the hour and the zone's name. No place is asked for.

Seasons are those of whole months (March to May is spring), turned round in zones south of the equator. Daylight follows
a table of the hours at about 45 degrees; an hour around sunrise and sunset is neither day nor dark. Near the equator,
beyond the polar circles and at the edges of wide zones it is off by an hour or more, so that what hangs on it there is
left to the two people, who can look out of the window.
"""

from __future__ import annotations

import datetime as dt

from reconnectd.core.practice.deck import SEASONS, Light, Season

_SOUTHERN = """
    Africa/Blantyre Africa/Bujumbura Africa/Dar_es_Salaam Africa/Gaborone Africa/Harare Africa/Johannesburg
    Africa/Kigali Africa/Kinshasa Africa/Luanda Africa/Lubumbashi Africa/Lusaka Africa/Maputo Africa/Maseru
    Africa/Mbabane Africa/Windhoek America/Araguaina America/Asuncion America/Bahia America/Belem America/Buenos_Aires
    America/Campo_Grande America/Cordoba America/Coyhaique America/Cuiaba America/Fortaleza America/La_Paz America/Lima
    America/Maceio America/Montevideo America/Porto_Velho America/Punta_Arenas America/Recife America/Rio_Branco
    America/Rosario America/Santiago America/Sao_Paulo Asia/Dili Asia/Jakarta Asia/Jayapura Asia/Makassar
    Atlantic/South_Georgia Atlantic/St_Helena Atlantic/Stanley Indian/Antananarivo Indian/Chagos Indian/Christmas
    Indian/Cocos Indian/Comoro Indian/Mahe Indian/Mauritius Indian/Mayotte Indian/Reunion Pacific/Apia Pacific/Auckland
    Pacific/Bougainville Pacific/Chatham Pacific/Easter Pacific/Efate Pacific/Fakaofo Pacific/Fiji Pacific/Funafuti
    Pacific/Gambier Pacific/Guadalcanal Pacific/Marquesas Pacific/Niue Pacific/Norfolk Pacific/Noumea Pacific/Pago_Pago
    Pacific/Pitcairn Pacific/Port_Moresby Pacific/Rarotonga Pacific/Tahiti Pacific/Tongatapu Pacific/Wallis NZ
    NZ-CHAT
"""
_SOUTH = frozenset(_SOUTHERN.split())
_SOUTHERN_FAMILIES = ("Australia/", "Antarctica/", "America/Argentina/", "Brazil/", "Chile/")
_SUN = (
    (8.5, 16.0), (7.75, 17.0), (6.75, 18.0), (6.5, 20.0), (5.75, 21.0), (5.5, 21.5),
    (5.5, 21.25), (6.25, 20.5), (7.0, 19.5), (7.5, 18.25), (7.5, 16.5), (8.25, 16.0),
)  # fmt: skip
"""Hours of sunrise and sunset on the wall clock, January to December, in the north."""

_TWILIGHT = 1.0


def is_south(zone: str) -> bool:
    """Does this zone (an IANA name) lie south of the equator?"""
    return zone in _SOUTH or zone.startswith(_SOUTHERN_FAMILIES)


def season(day: dt.date, zone: str) -> Season:
    """The season of a day in that zone."""
    return SEASONS[(_month(day, zone) - 3) % 12 // 3]


def light(moment: dt.datetime, zone: str) -> Light:
    """Is it day or dark at that local moment? "any" in between, when it could be either."""
    rise, sets = _SUN[_month(moment, zone) - 1]
    hour = moment.hour + moment.minute / 60
    if rise + _TWILIGHT <= hour < sets - _TWILIGHT:
        return "day"
    return "dark" if hour < rise - _TWILIGHT or hour >= sets + _TWILIGHT else "any"


def _month(day: dt.date, zone: str) -> int:
    """The month, as if it were in the north."""
    return (day.month + 5) % 12 + 1 if is_south(zone) else day.month

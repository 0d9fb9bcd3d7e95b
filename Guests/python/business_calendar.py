"""On which days people work: weekends and the public holidays of a whole country. Regional holidays and days that a
government moves or adds are not in here; a namespace that needs them has a library of this name of its own, which then
takes the place of this one.

    business_day()                              today, in the checker's time zone, weekends only
    business_day(country="DE")                  also without German holidays
    business_day(country="GB", at=row.paid_on)

A checker's parameter `country` names the country where none is given.
"""

import datetime

from checker import param, today

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6

# Month and day.
_FIXED = {
    "AT": "1-1 1-6 5-1 8-15 10-26 11-1 12-8 12-25 12-26",
    "BE": "1-1 5-1 7-21 8-15 11-1 11-11 12-25",
    "BR": "1-1 4-21 5-1 9-7 10-12 11-2 11-15 11-20 12-25",
    "CH": "1-1 8-1 12-25",
    "DE": "1-1 5-1 10-3 12-25 12-26",
    "DK": "1-1 12-25 12-26",
    "ES": "1-1 1-6 5-1 8-15 10-12 11-1 12-6 12-8 12-25",
    "FI": "1-1 1-6 5-1 12-6 12-25 12-26",
    "FR": "1-1 5-1 5-8 7-14 8-15 11-1 11-11 12-25",
    "GB": "",
    "IE": "",
    "IT": "1-1 1-6 4-25 5-1 6-2 8-15 11-1 12-8 12-25 12-26",
    "NL": "1-1 4-27 12-25 12-26",
    "NO": "1-1 5-1 5-17 12-25 12-26",
    "PL": "1-1 1-6 5-1 5-3 8-15 11-1 11-11 12-24 12-25 12-26",
    "PT": "1-1 4-25 5-1 6-10 8-15 10-5 11-1 12-1 12-8 12-25",
    "SE": "1-1 1-6 5-1 6-6 12-25 12-26",
    "US": "",
}

# Days after Easter Sunday.
_EASTER = {
    "AT": (1, 39, 50, 60),
    "BE": (1, 39, 50),
    "BR": (-2,),
    "CH": (39,),
    "DE": (-2, 1, 39, 50),
    "DK": (-3, -2, 1, 39, 50),
    "ES": (-2,),
    "FI": (-2, 1, 39),
    "FR": (1, 39, 50),
    "GB": (-2, 1),
    "IE": (1,),
    "IT": (1,),
    "NL": (1, 39, 50),
    "NO": (-3, -2, 1, 39, 50),
    "PL": (1, 60),
    "PT": (-2, 60),
    "SE": (-2, 1, 39),
}


def easter(year):
    """Easter Sunday of the Gregorian calendar."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - correction + 15) % 30
    fours, ones = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * fours - moon - ones) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return datetime.date(year, month, day + 1)


def nth_weekday(year, month, weekday, n):
    """The n-th such weekday of a month; -1 is the last."""
    if n < 0:
        last = datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)
        return last - datetime.timedelta(days=(last.weekday() - weekday) % 7)
    first = datetime.date(year, month, 1)
    return first + datetime.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _united_states(year):
    fixed = [datetime.date(year, 1, 1), datetime.date(year, 7, 4), datetime.date(year, 11, 11)]
    if year >= 2021:
        fixed.append(datetime.date(year, 6, 19))
    fixed.append(datetime.date(year, 12, 25))
    # The first of January of the next year is kept on the last day of this one when it is a Saturday.
    fixed.append(datetime.date(year + 1, 1, 1))
    for day in fixed:
        shift = {SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0)
        yield day + datetime.timedelta(days=shift)
    yield nth_weekday(year, 1, MONDAY, 3)
    yield nth_weekday(year, 2, MONDAY, 3)
    yield nth_weekday(year, 5, MONDAY, -1)
    yield nth_weekday(year, 9, MONDAY, 1)
    yield nth_weekday(year, 10, MONDAY, 2)
    yield nth_weekday(year, 11, 3, 4)


def _substituted(days):
    """Holidays that fall on a weekend are kept on the next working day that is not one already."""
    kept = set()
    for day in sorted(days):
        while day.weekday() >= SATURDAY or day in kept:
            day += datetime.timedelta(days=1)
        kept.add(day)
        yield day


def _great_britain(year):
    yield from _substituted([datetime.date(year, 1, 1)])
    yield from _substituted([datetime.date(year, 12, 25), datetime.date(year, 12, 26)])
    yield nth_weekday(year, 5, MONDAY, 1)
    yield nth_weekday(year, 5, MONDAY, -1)
    yield nth_weekday(year, 8, MONDAY, -1)


def _ireland(year):
    yield from (datetime.date(year, 1, 1), datetime.date(year, 3, 17))
    yield from (datetime.date(year, 12, 25), datetime.date(year, 12, 26))
    if year >= 2023:
        first = datetime.date(year, 2, 1)
        yield first if first.weekday() == FRIDAY else nth_weekday(year, 2, MONDAY, 1)
    for month in (5, 6, 8):
        yield nth_weekday(year, month, MONDAY, 1)
    yield nth_weekday(year, 10, MONDAY, -1)


def _nordic_midsummer(year):
    """The Friday of Midsummer Eve, on which offices are closed."""
    start = datetime.date(year, 6, 19)
    yield start + datetime.timedelta(days=(FRIDAY - start.weekday()) % 7)


_SPECIAL = {
    "US": _united_states, "GB": _great_britain, "IE": _ireland, "SE": _nordic_midsummer, "FI": _nordic_midsummer,
}  # fmt: skip


def holidays(country, year):
    """The public holidays of a country (two letters, ISO 3166) in a year."""
    if not isinstance(country, str):
        raise TypeError(f"A country is a text, as in business_day('DE'), not {country!r}. A day is named: business_day(at=day).")
    code = country.upper()
    code = {"UK": "GB"}.get(code, code)
    if code not in _FIXED:
        raise ValueError(
            f"business_calendar has no country {country!r}, only {', '.join(sorted(_FIXED))}. "
            "A library of the namespace called business_calendar can have others."
        )
    days = {datetime.date(year, *map(int, text.split("-"))) for text in _FIXED[code].split()}
    days |= {easter(year) + datetime.timedelta(days=days_after) for days_after in _EASTER.get(code, ())}
    days |= {day for day in _SPECIAL.get(code, lambda year: ())(year) if day.year == year}
    return frozenset(days)


def is_business_day(country=None, at=None):
    """Whether people work on that day: not a Saturday, a Sunday or a holiday of the country."""
    day = today() if at is None else at
    if isinstance(day, str):
        day = datetime.date.fromisoformat(day[:10])
    if isinstance(day, datetime.datetime):
        day = day.date()
    if country is None:
        country = param("country", None)
    # Also on a weekend, so that a country that there is none of is an error on each day.
    days_off = holidays(country, day.year) if country not in (None, "") else ()
    return day.weekday() < SATURDAY and day not in days_off


business_day = is_business_day


def next_business_day(country=None, at=None):
    """The first day people work on after that day."""
    day = today() if at is None else at
    while True:
        day += datetime.timedelta(days=1)
        if is_business_day(country, day):
            return day

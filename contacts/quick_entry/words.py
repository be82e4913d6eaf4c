"""The words of the quick entry, Polish and English, in lower case and without diacritics. Pure."""

from __future__ import annotations

from typing import Final

#: By weekday, Monday first.
_WEEKDAYS: Final = (
    "mon monday pon pn poniedzialek poniedzialku",
    "tue tues tuesday wt wto wtorek wtorku",
    "wed weds wednesday sr sro srod sroda srode srody",
    "thu thur thurs thursday czw cz czwartek czwartku",
    "fri friday pt pia piat piatek piatku",
    "sat saturday so sb sob sobota sobote soboty",
    "sun sunday nd ndz niedz niedziela niedziele niedzieli",
)
#: By month, January first.
_MONTHS: Final = (
    "jan january sty stycznia styczen",
    "feb february lut lutego luty",
    "mar march marca marzec",
    "apr april kwi kwietnia kwiecien",
    "may maj maja",
    "jun june cze czerwca czerwiec",
    "jul july lip lipca lipiec",
    "aug august sie sierpnia sierpien",
    "sep sept september wrz wrzesnia wrzesien",
    "oct october paz pazdziernika pazdziernik",
    "nov november lis listopada listopad",
    "dec december gru grudnia grudzien",
)
_ROMAN: Final = "i ii iii iv v vi vii viii ix x xi xii"
_NUMBERS: Final = (
    "one a an jeden jedna",
    "two dwa dwie dwoch",
    "three trzy trzech",
    "four cztery czterech",
    "five piec pieciu",
    "six szesc szesciu",
    "seven siedem siedmiu",
    "eight osiem osmiu",
    "nine dziewiec dziewieciu",
    "ten dziesiec dziesieciu",
)


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


def _numbered(lines: tuple[str, ...], first: int) -> dict[str, int]:
    return {word: number for number, line in enumerate(lines, first) for word in line.split()}


WEEKDAYS: Final = _numbered(_WEEKDAYS, 0)
MONTHS: Final = _numbered(_MONTHS, 1)
ROMAN_MONTHS: Final = _numbered(tuple(_ROMAN.split()), 1)
NUMBERS: Final = _numbered(_NUMBERS, 1)

#: Days from today.
RELATIVE: Final[dict[tuple[str, ...], int]] = {
    ("today",): 0,
    ("tonight",): 0,
    ("dzis",): 0,
    ("dzisiaj",): 0,
    ("tomorrow",): 1,
    ("tmr",): 1,
    ("jutro",): 1,
    ("jutra",): 1,
    ("pojutrze",): 2,
    ("pojutrza",): 2,
    ("day", "after", "tomorrow"): 2,
    ("the", "day", "after", "tomorrow"): 2,
}
MONTH_ENDS: Final[frozenset[tuple[str, ...]]] = frozenset(
    {
        ("eom",),
        ("month", "end"),
        ("end", "of", "month"),
        ("end", "of", "the", "month"),
        ("koniec", "miesiaca"),
        ("konca", "miesiaca"),
        ("koncem", "miesiaca"),
    }
)
#: Friday to one reader, Sunday to another.
WEEK_ENDS: Final[frozenset[tuple[str, ...]]] = frozenset(
    {
        ("week", "end"),
        ("end", "of", "week"),
        ("end", "of", "the", "week"),
        ("koniec", "tygodnia"),
        ("konca", "tygodnia"),
        ("koncem", "tygodnia"),
    }
)

#: What stands before a number of days, weeks or months from now.
AHEAD: Final[frozenset[tuple[str, ...]]] = frozenset(
    {("in",), ("within",), ("za",), ("w", "ciagu"), ()}
)
DAY_UNITS: Final = frozenset({"day", "days", "dzien", "dni"})
WEEK_UNITS: Final = frozenset({"week", "weeks", "tyg", "tydzien", "tygodnie", "tygodni"})
MONTH_UNITS: Final = frozenset({"month", "months", "mies", "miesiac", "miesiace", "miesiecy"})
WORKING: Final = frozenset({"working", "business", "robocze", "roboczych", "roboczy"})

#: ``next friday`` is the coming one to some and the one after to others; ``this friday`` is not.
NEXT: Final = _words(
    "next nastepny nastepna nastepnej nastepnego przyszly przyszla przyszlej przyszlego"
)
THIS: Final = _words("this coming ten ta te tego najblizszy najblizsza najblizsza najblizszego")
NEXT_WEEK: Final[frozenset[tuple[str, ...]]] = frozenset(
    {
        ("next", "week"),
        ("w", "przyszlym", "tygodniu"),
        ("przyszlego", "tygodnia"),
        ("w", "nastepnym", "tygodniu"),
        ("nastepnego", "tygodnia"),
    }
)
WEEK_LATER: Final[frozenset[tuple[str, ...]]] = frozenset({("za", "tydzien"), ("in", "a", "week")})

#: After a number without a space: ``10th``, ``10-go``.
ORDINALS: Final = frozenset({"st", "nd", "rd", "th", "go", "ego", "tego", "ty", "y"})
#: Before the day of a month.
BEFORE_DAY: Final = frozenset({"do", "by", "the", "until", "till", "dnia", "na"})

ALL: Final = _words(
    "all everything whole full total entire cala cale calej calego calosc calosci wszystko "
    "reszta reszte rest"
)
HALF: Final = _words("half polowa polowe polowy pol")
THOUSAND: Final = _words("k tys tysiac tysiace tysiecy thousand")
CURRENCIES: Final[dict[str, str]] = {
    **dict.fromkeys(("zl", "pln", "zloty", "zlote", "zlotych", "zlotego"), "PLN"),
    **dict.fromkeys(("eur", "euro", "euros", "€"), "EUR"),
    **dict.fromkeys(("usd", "$", "dolar", "dolary", "dolarow", "dollars"), "USD"),
    **dict.fromkeys(("gbp", "£", "funty", "funtow", "pounds"), "GBP"),
    **dict.fromkeys(("chf", "frank", "franki", "frankow"), "CHF"),
}

#: Words that change nothing.
FILLERS: Final = _words(
    "do na w we z dnia dniu i oraz najpozniej obiecuje obiecal obiecala zaplaci zaplaca wplaci "
    "wplaca przeleje splaci odda kwota kwote zaleglosc zaleglosci dlug dlugu "
    "by on the of at to and will pay pays promise promised promises until till latest it amount "
    "sum debt overdue he she they"
)
FILLER_PHRASES: Final[frozenset[tuple[str, ...]]] = frozenset(
    {("nie", "pozniej", "niz"), ("no", "later", "than"), ("at", "the", "latest")}
)

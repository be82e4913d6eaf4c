from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from staff import figures

N = figures.NBSP


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1_234_567, "PLN", f"12{N}345,67{N}zł"),
        (0, "PLN", f"0,00{N}zł"),
        (5, "PLN", f"0,05{N}zł"),
        (-30_000, "PLN", f"−300,00{N}zł"),
        (100, "JPY", f"100{N}JPY"),
        (1_234, "KWD", f"1,234{N}KWD"),
        (297_721_892_00, "TWD", f"297{N}721{N}892,00{N}TWD"),
        (100_000_00, "EUR", f"100{N}000,00{N}€"),
    ],
)
def test_money_has_groups_a_decimal_comma_and_its_unit(
    minor: int, currency: str, text: str
) -> None:
    assert figures.format_money(minor, currency) == text


def test_a_signed_amount_shows_plus_only_above_zero() -> None:
    assert figures.format_amount(109_620, "PLN", signed=True) == f"+1{N}096,20"
    assert figures.format_amount(0, "PLN", signed=True) == "0,00"
    assert figures.format_amount(-1, "PLN", signed=True) == "−0,01"


def test_a_count_is_grouped_and_stops_at_its_cap() -> None:
    assert figures.format_count(1_234_567) == f"1{N}234{N}567"
    assert figures.format_count(-999) == "−999"
    assert figures.format_capped_count(999, cap=1000) == "999"
    assert figures.format_capped_count(1000, cap=1000) == f"1{N}000+"


def test_a_small_book_is_set_in_thousands_and_a_large_one_in_millions() -> None:
    small, large = 1_234_56, 1_840_000_000
    assert figures.format_scaled(small, "PLN", figures.scale_for(small, "PLN")) == "1,2"
    assert figures.format_scaled(large, "PLN", figures.scale_for(large, "PLN")) == "18,4"
    assert figures.scaled_unit("PLN", figures.scale_for(small, "PLN"), "pl") == f"tys.{N}zł"
    assert figures.scaled_unit("EUR", figures.scale_for(large, "PLN"), "en") == f"m{N}€"


def test_a_negative_number_that_rounds_to_nothing_has_no_minus() -> None:
    assert figures.format_decimal(Decimal("-0.001"), places=2) == "0,00"


def test_percent_is_rounded_half_up() -> None:
    assert figures.format_percent(Decimal("0.0705")) == f"7,1{N}%"
    assert figures.format_percent(Decimal(1), places=0) == f"100{N}%"


def test_only_the_name_of_the_weekday_follows_the_language() -> None:
    monday = date(2026, 11, 23)
    assert figures.format_weekday(monday, "pl") == f"pon.{N}23.11.2026"
    assert figures.format_weekday(monday, "en") == f"Mon{N}23.11.2026"
    assert figures.format_short_weekday(monday, "pl-pl") == f"pon.{N}23.11"


def test_a_moment_is_shown_in_warsaw() -> None:
    assert figures.format_moment(datetime(2026, 7, 1, 22, 5, tzinfo=UTC)) == f"02.07.2026{N}00:05"


def test_masks_keep_enough_to_recognise_and_hide_the_rest() -> None:
    assert figures.mask_phone("+48601234517") == f"+48{N}601{N}•••{N}•17"
    assert figures.mask_phone("123") == "•••"
    assert figures.format_phone("+48601234517") == f"+48{N}601{N}234{N}517"
    assert figures.format_phone("601234517") == f"601{N}234{N}517"
    assert figures.format_phone("112") == "112"
    assert figures.mask_email("marzena.k@example.org") == "mar•••@example.org"
    assert figures.mask_identifier("84010112346") == "84••••••••6"
    assert figures.mask_address("ul. Lipowa 14/3") == "ul. L••• ••3"
    assert figures.mask_address("56-400 Środa Wielkopolska") == "••0 Ś••• W•••"
    assert figures.mask_address("") == ""
    assert figures.mask_account("PL61109010140000071219812874") == f"••••{N}2874"
    assert figures.mask_account("12345678") == "••••"
    assert figures.mask_day(date(1984, 1, 1)) == "••.••.1984"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", "Safari, iOS"),
        ("curl/8.0", "curl"),
        ("", figures.NOTHING),
    ],
)
def test_a_browser_is_named_by_what_it_says_of_itself(agent: str, name: str) -> None:
    assert figures.browser_name(agent) == name


def test_an_estimate_has_two_figures_that_count() -> None:
    assert figures.format_about(58_985, "PLN") == f"590{N}zł"
    assert figures.format_about(43_499, "PLN") == f"430{N}zł"
    assert figures.format_about(123_456_789, "PLN") == f"1{N}200{N}000{N}zł"
    assert figures.format_about(999, "EUR") == f"9{N}€"
    assert figures.format_about(45, "PLN") == f"<1{N}zł"
    assert figures.format_about(0, "PLN") == f"0{N}zł"
    assert figures.format_about(12_345, "JPY") == f"12{N}000{N}JPY"

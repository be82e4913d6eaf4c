"""The house rules, held over the source; and every rule held over samples that break it."""

from __future__ import annotations

import pytest

from tests.architecture.rules import IMPURE, RULES, WRITERS, Rule
from tests.architecture.samples import SAMPLES
from tests.architecture.sources import ROOT, all_sources


def _name(rule: Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    broken = [f"{source.path}:{place}" for source in all_sources() for place in rule(source)]
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_the_rule_sees_what_breaks_it(rule: Rule) -> None:
    missed = [source for source in SAMPLES[rule].bad if not list(rule(source))]
    assert SAMPLES[rule].bad
    assert not missed


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_the_rule_lets_pass_what_only_looks_alike(rule: Rule) -> None:
    accused = [(source, list(rule(source))) for source in SAMPLES[rule].good if list(rule(source))]
    assert SAMPLES[rule].good
    assert not accused


def test_the_rules_look_at_the_whole_product() -> None:
    product = [source for source in all_sources() if source.is_product]
    assert len(product) > 100
    assert any(source.path == "kernel/money.py" for source in product)
    assert any(source.path == "templates/base.html" for source in all_sources())


@pytest.mark.parametrize("place", [*WRITERS, *IMPURE])
def test_an_exception_from_a_rule_names_something_that_exists(place: str) -> None:
    assert (ROOT / place).exists()

"""Data stays data inside a script."""

from __future__ import annotations

import json

import pytest
from folium.template import Template
from hypothesis import given
from hypothesis import strategies as st

from layers.inert import inert_json

HOSTILE = "</script><img src=x onerror=hacked()>{{ 7*7 }}{% raw %}{# #}<!--\u2028\u2029'`${1}"
texts = st.one_of(st.text(), st.text(alphabet="<>&'\"\\{}%#/!-\u2028\u2029 script"), st.just(HOSTILE))
values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


@given(values)
def test_it_is_equal_as_json(value: object) -> None:
    assert json.loads(inert_json(value)) == value


@given(values)
def test_nothing_in_it_ends_a_script_or_begins_markup(value: object) -> None:
    assert not set("<>&'\u2028\u2029") & set(inert_json(value))


@given(values)
def test_a_template_leaves_it_as_it_is(value: object) -> None:
    text = inert_json(value)
    assert Template(text).render() == text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_does_not_have_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        inert_json(value)

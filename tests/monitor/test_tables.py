"""Records as JSON: the same text as the standard library writes, whatever is in them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from monitor.tables import render_rows

scores = st.integers(min_value=0, max_value=1000).map(lambda number: number / 10)
leaves = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | scores | st.text()
values = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@given(st.lists(st.dictionaries(st.text(), values, max_size=4), max_size=4))
def test_json_is_written_as_the_standard_library_writes_it(records):
    assert render_rows(records, (), "json") == json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def test_json_holds_even_what_is_no_text():
    assert json.loads(render_rows([{"url": "a\udcffb"}], (), "json")) == [{"url": "a\udcffb"}]

"""Query results out of the database by COPY, which Arrow reads as columns: no Python object per value."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from pandas import DataFrame
from pyarrow import csv
from sqlalchemy import Select
from sqlalchemy.orm import Session

TEXT, WHOLE, REAL = pa.string(), pa.int64(), pa.float64()


def copy_out(
    session: Session, query: Select[*tuple[Any, ...]], types: Mapping[str, pa.DataType]
) -> DataFrame:
    """Run a query through COPY … TO STDOUT.

    Parameters
    ----------
    types
        Arrow types of the columns that are not text.
    """
    compiled = query.compile(dialect=session.get_bind().dialect, compile_kwargs={"render_postcompile": True})
    columns = [column.name for column in query.selected_columns]
    data = _copied(session, str(compiled), compiled.construct_params())
    # Empty is null, "" is an empty text, as COPY writes them.
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(columns, TEXT) | dict(types),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    read = csv.ReadOptions(column_names=columns)
    parse = csv.ParseOptions(newlines_in_values=True)
    if not data.getbuffer().nbytes:
        return pa.table({name: pa.array([], convert.column_types[name]) for name in columns}).to_pandas()
    return csv.read_csv(data, read_options=read, parse_options=parse, convert_options=convert).to_pandas()


def _copied(session: Session, statement: str, parameters: Mapping[str, Any]) -> io.BytesIO:
    raw = session.connection().connection.driver_connection
    if raw is None:
        raise RuntimeError("the connection is closed")
    buffer = io.BytesIO()
    with raw.cursor() as cursor:
        # mogrify escapes the parameters as an ordinary execute would: COPY itself takes none.
        quoted = cursor.mogrify(statement, parameters).decode()
        cursor.copy_expert(f"COPY ({quoted}) TO STDOUT WITH (FORMAT csv)", buffer)
    buffer.seek(0)
    return buffer

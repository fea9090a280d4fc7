"""Frames as GeoJSON: written once into the answer, without a Python object per vertex."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import shapely
from fastapi.responses import Response
from geopandas import GeoDataFrame

MEDIA_TYPE = "application/geo+json"


def feature_collection(frame: GeoDataFrame, *, crs: str, matched: int | None = None) -> Response:
    """A frame as a FeatureCollection.

    Parameters
    ----------
    frame
        Its index becomes ``id``; every other column but the geometry a property.
    crs
        Name of the CRS the coordinates are in; longitude or easting first.
    matched
        Rows that match in all, when the frame is a page of them.
    """
    features = ",".join(_features(frame))
    head = {
        "type": "FeatureCollection",
        "numberMatched": len(frame) if matched is None else matched,
        "numberReturned": len(frame),
        "crs": crs,
    }
    body = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features": [{features}]}}'
    return Response(body, media_type=MEDIA_TYPE)


def _features(frame: GeoDataFrame) -> list[str]:
    geometries = shapely.to_geojson(frame.geometry.to_numpy())
    properties = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    records: list[dict[str, Any]] = (
        properties.astype(object).where(properties.notna(), None).to_dict("records")
    )
    return [
        json.dumps({"type": "Feature", "id": code, "properties": record}, ensure_ascii=False, default=str)[
            :-1
        ]
        + f', "geometry": {geometry or "null"}}}'
        for code, record, geometry in zip(frame.index, records, geometries, strict=True)
    ]

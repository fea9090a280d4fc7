"""Files the tests make: small layers, and what hostile people would send."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pyogrio
import shapely

SQUARES = [shapely.box(113.80, 27.60, 113.81, 27.61), shapely.box(113.81, 27.60, 113.82, 27.61)]
NAMES = ["黄泥塘社区", "登岸下社区"]


def layer(names=NAMES, crs="EPSG:4490", **columns):
    return gpd.GeoDataFrame({"code": ["A", "B"], "name": names, **columns}, geometry=SQUARES, crs=crs)


def write(frame, path, **options):
    pyogrio.write_dataframe(frame, path, **options)
    return path


def shapefile(folder, frame=None, encoding="UTF-8", *, stem="grids", without=()):
    """A shapefile; ``without`` are suffixes of its files to be taken away again."""
    path = folder / f"{stem}.shp"
    write(layer() if frame is None else frame, path, encoding=encoding)
    for suffix in without:
        path.with_suffix(suffix).unlink()
    return path


def zipped(path, members):
    """A zip archive of (name, bytes) or (ZipInfo, bytes)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def zipped_shapefile(shp, into):
    return zipped(
        into, [(f"some folder/{p.name}", p.read_bytes()) for p in sorted(shp.parent.glob(f"{shp.stem}.*"))]
    )


def geojson(path, *geometries, **properties):
    """GeoJSON with raw geometries, however broken."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"C{i}", "name": f"N{i}", **properties},
            "geometry": geometry,
        }
        for i, geometry in enumerate(geometries)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def ring(*corners):
    return {"type": "Polygon", "coordinates": [list(map(list, corners))]}

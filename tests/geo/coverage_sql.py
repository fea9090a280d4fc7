"""The measures of coverage in plain PostGIS SQL, written apart from the code they are held against."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.model import Zone

#: Tables the queries share: with statistics, so that the planner knows what it joins.
TABLES = {
    "day": "SELECT CAST(:day AS date) AS day",
    "chain": """
WITH RECURSIVE up AS (
  SELECT g.code AS below, g.code, g.parent_code, g.level FROM grid g, day WHERE g.valid @> day.day
  UNION ALL
  SELECT up.below, g.code, g.parent_code, g.level
  FROM up JOIN grid g ON g.code = up.parent_code, day WHERE g.valid @> day.day
) SELECT * FROM up""",
    "in_unit": """
SELECT c.below, g.kind FROM chain c JOIN grid g ON g.code = c.code, day
WHERE c.level = 2 AND g.valid @> day.day""",
    "home": """
SELECT b.code, b.households, b.residents, c.code AS grid
FROM building b JOIN chain c ON c.below = b.grid_code, day WHERE b.valid @> day.day""",
    "placed": """
SELECT b.code, ST_Transform(b.label_point, :metric) AS place
FROM building b, day WHERE b.valid @> day.day AND b.grid_code IS NOT NULL""",
    "held": """
SELECT a.* FROM assignment a JOIN person p ON p.id = a.person_id, day
WHERE a.valid @> day.day AND p.valid @> day.day""",
    "carried": """
SELECT h.* FROM held h WHERE h.rank = 'primary'
UNION ALL
SELECT h.* FROM held h WHERE h.rank = 'deputy' AND NOT EXISTS (
  SELECT FROM held o WHERE o.post = h.post AND o.target = h.target AND o.rank = 'primary')""",
    "target": """
SELECT 'grid ' || g.code AS target, 'grid' AS target_kind, g.kind, g.level, g.code AS grid_code,
       coalesce(sum(h.households), 0) AS households
FROM day, grid g LEFT JOIN home h ON h.grid = g.code WHERE g.valid @> day.day GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT 'neighbourhood ' || n.code, 'neighbourhood', n.kind, NULL::int, n.grid_code,
       coalesce(sum(b.households), 0)
FROM day, neighbourhood n LEFT JOIN building b
  ON b.neighbourhood_code = n.code AND b.valid @> CAST(:day AS date)
WHERE n.valid @> day.day GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT 'building ' || b.code, 'building', b.kind, NULL::int, b.grid_code, b.households
FROM day, building b WHERE b.valid @> day.day""",
    "done": """
SELECT d.id, d.grid_code, d.during, CASE WHEN l.id IS NULL THEN d.person_id ELSE l.deputy_id END AS person_id
FROM duty d CROSS JOIN day
LEFT JOIN leave l ON l.person_id = d.person_id AND l.valid @> day.day
WHERE d.grid_code IS NOT NULL AND NOT EXISTS (
  SELECT FROM leave o WHERE o.person_id = l.deputy_id AND o.valid @> day.day)""",
}

QUERIES = {
    "load": """
SELECT grid, sum(residents) AS population, sum(households) AS households, count(*) AS buildings
FROM home GROUP BY grid""",
    "workers": """
SELECT c.code AS grid, count(DISTINCT a.person_id) AS workers
FROM carried a JOIN post p ON p.code = a.post JOIN chain c ON c.below = a.grid_code
WHERE p.role = 'grid_worker' GROUP BY 1""",
    "vacancies": """
SELECT c.code AS grid, count(*) AS vacancies
FROM post p JOIN target t ON t.target_kind = p.target
JOIN chain c ON c.below = t.grid_code
LEFT JOIN in_unit u ON u.below = t.grid_code
WHERE p.is_required AND (p.grid_level IS NULL OR p.grid_level = t.level)
AND (p.required_kinds IS NULL OR t.kind = ANY (p.required_kinds))
AND (p.unit_kind IS NULL OR p.unit_kind = u.kind)
AND NOT EXISTS (SELECT FROM held a WHERE a.post = p.code AND a.target = t.target)
GROUP BY 1""",
    "overloads": """
WITH shared AS (
  SELECT a.person_id, a.post, a.target, t.grid_code,
         t.households / (count(*) OVER (PARTITION BY a.post, a.target))::float AS households
  FROM carried a JOIN target t USING (target)
), over AS (
  SELECT s.person_id, s.post FROM shared s JOIN post p ON p.code = s.post
  GROUP BY s.person_id, s.post, p.most_targets, p.most_households
  HAVING count(DISTINCT s.target) > p.most_targets OR sum(s.households) > p.most_households
)
SELECT c.code AS grid, count(DISTINCT (s.person_id, s.post)) AS overloads
FROM over JOIN shared s USING (person_id, post) JOIN chain c ON c.below = s.grid_code GROUP BY 1""",
    "sites": """
WITH place AS MATERIALIZED (
  SELECT DISTINCT s.code, ST_Transform(s.geom, :metric) AS place
  FROM day, service_site s JOIN site_opening o ON o.site_code = s.code
  WHERE s.valid @> day.day AND o.valid @> day.day AND o.weekday = :weekday
  AND o.opens_minute <= :minute AND :minute < o.closes_minute
  AND (CAST(:function AS text) IS NULL OR o.function = :function)
), near AS (
  SELECT h.code, min(ST_Distance(h.place, s.place)) AS m
  FROM placed h CROSS JOIN place s GROUP BY 1
)
SELECT h.grid,
       sum(h.households * m) / nullif(sum(h.households) FILTER (WHERE m IS NOT NULL), 0) AS site_distance_m,
       sum(h.households * (coalesce(m, 'Infinity') <= :site_reach)::int)
         / nullif(sum(h.households), 0)::float AS in_reach_share,
       avg((coalesce(m, 'Infinity') <= :site_reach)::int) AS buildings_in_reach_share
FROM home h LEFT JOIN near USING (code) GROUP BY 1""",
    "teams": """
WITH place AS MATERIALIZED (
  SELECT ST_Transform(t.geom, :metric) AS place FROM team t, day WHERE t.valid @> day.day
), near AS (
  SELECT h.code, min(ST_Distance(h.place, t.place)) AS m,
         count(*) FILTER (WHERE ST_DWithin(h.place, t.place, :team_reach)) AS n
  FROM placed h CROSS JOIN place t GROUP BY 1
)
SELECT h.grid, sum(h.households * m) / nullif(sum(h.households), 0) AS team_distance_m,
       sum(h.households * n) / nullif(sum(h.households), 0)::float AS teams_near
FROM home h JOIN near USING (code) GROUP BY 1""",
    "view": """
WITH seen AS MATERIALIZED (
  SELECT view, ST_Transform(view, :metric) AS ground FROM camera, day
  WHERE valid @> day.day AND state = 'online'
), lit AS MATERIALIZED (
  SELECT DISTINCT b.code FROM seen JOIN building b ON b.geom && ST_Expand(seen.view, 0.0001)
  WHERE ST_DWithin(seen.ground, ST_Transform(b.geom, :metric), 1)
), homes AS (
  SELECT h.grid, sum(h.households) FILTER (WHERE lit.code IS NOT NULL) AS lit, sum(h.households) AS households
  FROM home h LEFT JOIN lit USING (code) GROUP BY 1
)
SELECT g.code AS grid,
  ST_Area(ST_Intersection(ST_Transform(g.geom, :metric), (SELECT ST_Union(ground) FROM seen))) / g.area_m2
    AS view_share,
  coalesce(h.lit, 0) / nullif(h.households, 0)::float AS households_in_view_share
FROM day, grid g LEFT JOIN homes h ON h.grid = g.code WHERE g.valid @> day.day""",
    "incidents": """
WITH seen AS (SELECT view FROM camera, day WHERE valid @> day.day AND state = 'online'),
counted AS (
  SELECT i.id, coalesce(i.grid3_code, i.grid2_code, i.grid1_code) AS grid FROM incident i
  WHERE i.geom IS NOT NULL AND i.time_status <> 'future'
  AND i.reported_at >= :since AND i.reported_at < :until
), lit AS MATERIALIZED (SELECT DISTINCT i.id FROM seen JOIN incident i ON ST_Covers(seen.view, i.geom))
SELECT c.code AS grid, count(*) AS incidents, avg((lit.id IS NOT NULL)::int) AS incidents_in_view_share
FROM counted i JOIN chain c ON c.below = i.grid LEFT JOIN lit USING (id) GROUP BY 1""",
    "on_duty": """
SELECT g.code AS grid, count(DISTINCT d.person_id) AS on_duty
FROM day, grid g
JOIN chain up ON up.below = g.code
JOIN done d ON d.during @> CAST(:moment AS timestamptz)
 AND (d.grid_code = up.code OR EXISTS (SELECT FROM chain c WHERE c.below = d.grid_code AND c.code = g.code))
WHERE g.valid @> day.day GROUP BY 1""",
    "covered": """
WITH whole AS (SELECT tstzrange(:begin, :until) AS day),
finest AS (SELECT DISTINCT below AS code FROM chain WHERE level = (SELECT max(level) FROM chain)),
covered AS (
  SELECT f.code, range_agg(d.during * whole.day) AS hours
  FROM finest f CROSS JOIN whole JOIN chain c ON c.below = f.code
  JOIN done d ON d.grid_code = c.code AND d.person_id IS NOT NULL AND d.during && whole.day
  GROUP BY 1
), share AS (
  SELECT f.code, coalesce((
    SELECT extract(epoch FROM sum(upper(span) - lower(span))) FROM unnest(hours) span), 0)
    / extract(epoch FROM upper(whole.day) - lower(whole.day)) AS share
  FROM whole, finest f LEFT JOIN covered USING (code)
)
SELECT c.code AS grid, avg(s.share) AS covered_share
FROM share s JOIN chain c ON c.below = s.code GROUP BY 1""",
}


def coverage_in_sql(
    session: Session, zone: Zone, moment: datetime, *, function: str | None = None, case_days: int = 365
) -> pd.DataFrame:
    """Every measure by code of grid; missing where a query has no row for the grid."""
    day = moment.date()
    begin, until = zone.midnight(day), zone.midnight(day + timedelta(1))
    values = {
        "day": day,
        "moment": moment,
        "weekday": moment.isoweekday(),
        "minute": moment.hour * 60 + moment.minute,
        "function": function,
        "metric": zone.metric_srid,
        "site_reach": zone.norms.site_reach_m,
        "team_reach": zone.norms.team_reach_m,
        "since": zone.midnight(day - timedelta(case_days - 1)),
        "until": until,
        "begin": begin,
    }
    for name, query in TABLES.items():
        session.execute(text(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}"), values)
        session.execute(text(f"ANALYZE {name}"))
    parts = [_run(session, query, values) for query in QUERIES.values()]
    session.execute(text(f"DROP TABLE {', '.join(TABLES)}"))
    return pd.concat(parts, axis=1)


def _run(session: Session, statement: str, values: dict[str, object]) -> pd.DataFrame:
    found = session.execute(text(statement), values)
    frame = pd.DataFrame(found.all(), columns=list(found.keys())).set_index("grid")
    return frame.astype("float64")

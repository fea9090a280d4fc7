/* One set of symbols for maps, legends and cards: the outline says what family, the glyph what kind. */
(function () {
  "use strict";
  const wangge = (window.wangge = window.wangge || {});
  if (wangge.symbol) return;

  const SVG = "http://www.w3.org/2000/svg";
  const SIZE = 24;

  // Glyphs in a square of 24: "line" is stroked, "solid" filled. Kinds are those of the zone's code lists.
  const line = (d) => ["path", { d, class: "wangge-symbol-line" }];
  const solid = (d) => ["path", { d, class: "wangge-symbol-solid" }];
  const dot = (cx, cy, r) => ["circle", { cx, cy, r, class: "wangge-symbol-solid" }];
  const ring = (cx, cy, r) => ["circle", { cx, cy, r, class: "wangge-symbol-line" }];
  const slash = line("M7 17 17 7");

  const SITES = {
    culture_centre: [line("M9.8 15.9V8.2l6.2-1.5v7.6"), dot(8, 16, 1.9), dot(14.2, 14.4, 1.9)],
    farm_library: [line("M12 8.6C10.4 7.6 8.6 7.2 6.6 7.3v8.6c2-.1 3.8.2 5.4 1.2 1.6-1 3.4-1.3 5.4-1.2V7.3c-2-.1-3.8.2-5.4 1.3zM12 8.6v8.4")],
    party_history_room: [solid("M6.2 10.4 12 6.4l5.8 4z"), line("M8.4 11.8v3.8M12 11.8v3.8M15.6 11.8v3.8M6.4 17.2h11.2")],
    service_hall: [solid("M6.8 15.2a5.2 5.2 0 0 1 10.4 0z"), dot(12, 8.7, 1.2), line("M6.2 17.3h11.6")],
    care_station: [solid("M12 17.4s-5.6-3.3-5.6-7a3 3 0 0 1 5.6-1.5 3 3 0 0 1 5.6 1.5c0 3.7-5.6 7-5.6 7z")],
    grid_station: [solid("M7 7h4.2v4.2H7zM12.8 7H17v4.2h-4.2zM7 12.8h4.2V17H7zM12.8 12.8H17V17h-4.2z")],
    mediation_room: [line("M12 6.6v10.6M8.8 17.3h6.4M7 8.8h10"), solid("M4.9 12.8h4.8a2.4 2.4 0 0 1-4.8 0zM14.3 12.8h4.8a2.4 2.4 0 0 1-4.8 0z"), line("M7.3 8.8v4M16.7 8.8v4")],
    other: [dot(12, 12, 3.2)],
  };
  const TEAMS = {
    volunteers: [dot(12, 7.8, 1.9), line("M7.2 8.6l3.2 3.6v5.2h3.2v-5.2l3.2-3.6")],
    mediation: [solid("M6 7.4h7.4v5H9.6L7.8 14.2v-1.8H6z"), line("M15.2 9.8H18v4.8h-1.6v1.8l-1.8-1.8h-3.2")],
    patrol: [solid("M12 6.2l5.2 1.8v3.7c0 3.1-2.2 5.2-5.2 6.3-3-1.1-5.2-3.2-5.2-6.3V8z")],
    other: [dot(9.2, 9.8, 1.8), dot(14.8, 9.8, 1.8), line("M6.4 16.2c0-3.8 5.6-3.8 5.6 0 0-3.8 5.6-3.8 5.6 0")],
  };
  const star = solid("M12.5 5.3l1.1 2.4 2.6.3-1.9 1.8.5 2.6-2.3-1.3-2.3 1.3.5-2.6-1.9-1.8 2.6-.3z");
  const PARTIES = {
    working_committee: [star],
    committee: [dot(8.7, 9, 1.35), dot(12.5, 9, 1.35), dot(16.3, 9, 1.35)],
    general_branch: [dot(10.3, 9, 1.5), dot(14.7, 9, 1.5)],
    branch: [dot(12.5, 9, 1.8)],
    group: [],
    other: [line("M9.5 9h6")],
  };
  const CAMERAS = {
    bullet: [solid("M8 10h5.6v4H8z"), solid("M14.2 11l2.2-1v4l-2.2-1z")],
    dome: [solid("M7.8 10.4h8.4a4.2 4.2 0 0 1-8.4 0z"), line("M7.4 9.2h9.2")],
    panoramic: [ring(12, 12, 3.4), dot(12, 12, 1.3)],
    gate: [line("M8.6 8.6v7M8.6 10.2h7.2M8.6 13h7.2")],
    other: [dot(12, 12, 2.4)],
  };
  const GAPS = {
    vacancy: [ring(12, 9.2, 2), line("M8.2 16c0-4.4 7.6-4.4 7.6 0")],
    overload: [line("M8.2 12.2 12 8.4l3.8 3.8M8.2 16.4l3.8-3.8 3.8 3.8")],
    over_norm: [solid("M7.6 12.6h2.2V16H7.6zM10.9 10.3h2.2V16h-2.2zM14.2 7.8h2.2V16h-2.2z")],
    no_site_in_reach: [line("M7.6 12.2 12 8.2l4.4 4M9 11.4V16h6v-4.6"), slash],
    out_of_view: [line("M6.4 12c2.9-4.2 8.3-4.2 11.2 0-2.9 4.2-8.3 4.2-11.2 0z"), dot(12, 12, 1.3), slash],
    no_team_near: [dot(12, 9, 1.7), line("M8.6 15.8c0-4.4 6.8-4.4 6.8 0"), slash],
    nobody_on_duty: [ring(12, 12, 4.2), line("M12 9.6V12l1.7 1.3")],
    other: [line("M12 7.6v5"), dot(12, 15.6, 1.1)],
  };
  const INCIDENTS = {
    comprehensive: [solid("M12 5.2l3.9 1.3v2.8c0 2.3-1.7 3.9-3.9 4.7-2.2-.8-3.9-2.4-3.9-4.7V6.5z")],
    livelihood: [solid("M12 13.6S7.7 11.1 7.7 8.3A2.3 2.3 0 0 1 12 7.2a2.3 2.3 0 0 1 4.3 1.1c0 2.8-4.3 5.3-4.3 5.3z")],
    public: [solid("M7.8 8.3 12 5.3l4.2 3z"), line("M9.2 9.4v2.8M12 9.4v2.8M14.8 9.4v2.8M8 13.3h8")],
    other: [dot(12, 9.3, 2.7)],
  };

  const FAMILIES = {
    site: { kinds: SITES, body: "M6.5 3h11A3.5 3.5 0 0 1 21 6.5v11a3.5 3.5 0 0 1-3.5 3.5h-11A3.5 3.5 0 0 1 3 17.5v-11A3.5 3.5 0 0 1 6.5 3z" },
    team: { kinds: TEAMS, body: "M12 2.6a9.4 9.4 0 1 1 0 18.8 9.4 9.4 0 0 1 0-18.8z" },
    party: { kinds: PARTIES, body: "M3.8 2.4h1.9v1.1c4-1.9 9.2 1.7 14.7-.1v11.4c-5.5 1.8-10.7-1.8-14.7.1v6.7H3.8z" },
    camera: { kinds: CAMERAS, body: "M12 4.4a7.6 7.6 0 1 1 0 15.2 7.6 7.6 0 0 1 0-15.2z" },
    gap: { kinds: GAPS, body: "M12 1.2 22.8 12 12 22.8 1.2 12z" },
    incident: { kinds: INCIDENTS, body: "M12 1.6a7.7 7.7 0 0 1 7.7 7.7c0 4.6-4.7 8.9-7.7 13.1-3-4.2-7.7-8.5-7.7-13.1A7.7 7.7 0 0 1 12 1.6z" },
  };

  /** Every key there is a glyph for, as "site.farm_library". */
  wangge.symbolKeys = () =>
    Object.entries(FAMILIES).flatMap(([family, { kinds }]) => Object.keys(kinds).map((kind) => `${family}.${kind}`));

  /**
   * Draw a symbol.
   *
   * key: "site.<kind>", "team.<kind>", "party.<kind>", "camera.<kind>", "gap.<kind>", "incident.<kind>"; a kind without a
   *   glyph of its own has its family's "other".
   * options: size in pixels (24); title, text for those who cannot see it, without one it is decoration; count, a number
   *   in place of the glyph, for several at one place; for cameras direction_deg, clockwise from north, angle_deg (60) and
   *   state ("online"; any other is drawn hollow, "offline" also struck through).
   * Returns an SVG element; colours come from the style sheet.
   */
  wangge.symbol = function (key, options) {
    const [family, kind] = key.split(".");
    if (!(family in FAMILIES)) throw new Error(`symbol ${key} is of no known family; use ${Object.keys(FAMILIES).join(", ")}`);
    const { size = SIZE, title, count, ...look } = options || {};
    const svg = frame(key, family, size, title);
    const { kinds, body } = FAMILIES[family];
    if (family === "camera") addView(svg, look);
    if (count) draw(svg, "path", { d: body, class: "wangge-symbol-body wangge-symbol-behind", transform: "translate(2.2 -2.2)" });
    draw(svg, "path", { d: body, class: "wangge-symbol-body" });
    if (count) addCount(svg, family, count);
    else for (const [tag, attributes] of kinds[kind in kinds ? kind : "other"]) draw(svg, tag, attributes);
    if (look.state && look.state !== "online") svg.classList.add("wangge-symbol-hollow");
    if (look.state === "offline") draw(svg, "path", { d: "M6 18 18 6", class: "wangge-symbol-struck" });
    if (family === "party" && kind === "group") svg.classList.add("wangge-symbol-hollow");
    return svg;
  };

  function frame(key, family, size, title) {
    const svg = document.createElementNS(SVG, "svg");
    const attributes = { viewBox: "0 0 24 24", width: size, height: size, class: `wangge-symbol wangge-symbol-${family}`, focusable: "false" };
    for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
    svg.dataset.symbol = key;
    if (title) {
      svg.setAttribute("role", "img");
      draw(svg, "title", {}).textContent = String(title);
    } else svg.setAttribute("aria-hidden", "true");
    return svg;
  }

  /** The nose of a camera: where it looks. One that looks all round has a second ring. */
  function addView(svg, { direction_deg: direction, angle_deg: angle = 60 }) {
    if (direction === null || direction === undefined) {
      draw(svg, "circle", { cx: 12, cy: 12, r: 10, class: "wangge-symbol-view" });
      return;
    }
    const half = (Math.min(Math.max(angle, 30), 120) / 2) * (Math.PI / 180);
    const [x, y] = [12.5 * Math.sin(half), 12.5 * Math.cos(half)];
    const d = `M12 12 ${12 - x} ${12 - y}A12.5 12.5 0 0 1 ${12 + x} ${12 - y}z`;
    draw(svg, "path", { d, class: "wangge-symbol-view", transform: `rotate(${direction} 12 12)` });
  }

  function addCount(svg, family, count) {
    const y = { party: 12.6, incident: 13 }[family] || 15.9;
    const text = draw(svg, "text", { x: 12, y, "text-anchor": "middle", class: "wangge-symbol-count" });
    text.textContent = count > 99 ? "99+" : String(count);
    if (count > 99) text.classList.add("wangge-symbol-many");
  }

  function draw(parent, tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return parent.appendChild(made);
  }
})();

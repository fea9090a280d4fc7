/* Fill colours by class, for day and night. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.choropleth) return;

  wangge.choropleth = function (options) {
    return wangge.part(function (map, self) {
      const known = () => (options.classes[self.state.level] || {})[self.state.measure];
      self.noData = "var(--no-data)"; // of swatches; on the map it is hatched
      self.classesNow = () => inUse(known());
      self.colorOf = function (grid) {
        const value = grid.values[self.state.measure];
        const classes = known();
        if (value === null || value === undefined || !classes) return wangge.hatching(map);
        return colorIn(classes.rows.find((row) => value <= row.high));
      };
      self.repaint();
    });
  };

  const colorIn = (row) => (wangge.theme.now() === "night" ? row.night : row.color);

  /** The same classes, their colours those of the theme in use. */
  const inUse = (classes) => classes && { ...classes, rows: classes.rows.map((row) => ({ ...row, color: colorIn(row) })) };

  const SVG = "http://www.w3.org/2000/svg";

  /** Paint for what is not known: stripes, so that it is not taken for a class. */
  wangge.hatching = function (map) {
    const id = map.getContainer().id + "-hatch";
    if (!document.getElementById(id)) addHatching(map.getContainer(), id);
    return `url(#${id})`;
  };

  function addHatching(container, id) {
    const add = (parent, tag, attributes) => {
      const made = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      return parent.appendChild(made);
    };
    const svg = add(container, "svg", { width: 0, height: 0, class: "wangge-patterns", "aria-hidden": "true" });
    const size = { width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    const pattern = add(svg, "pattern", { id, ...size });
    add(pattern, "rect", { width: 7, height: 7, class: "wangge-hatch-ground" });
    add(pattern, "rect", { width: 2, height: 7, class: "wangge-hatch-stripe" });
  }
})();

/* The heat map: leaflet.heat, with its scale set from what is in view. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.heat) return;

  wangge.heat = function (options) {
    return wangge.part(function (map, self) {
      const { colors, points } = options;
      const gradient = () => scaleOf(colors[wangge.theme.now()]);
      const layer = L.heatLayer(points, { radius: 18, blur: 16, minOpacity: 0.05, gradient: gradient(), maxZoom: map.getMinZoom() });
      const recolor = () => map.hasLayer(layer) && layer.setOptions({ gradient: gradient() });
      wangge.theme.watch(recolor);
      layer.on("add", recolor);
      const rescale = () => {
        if (map.hasLayer(layer)) layer.setOptions({ max: busiest(map, points) });
      };
      layer.on("add", rescale);
      map.on("zoomend moveend resize", rescale);
      self.toggles.push({
        key: "heat",
        label: self.say("heat"),
        get: () => map.hasLayer(layer),
        set: (on) => {
          if (on) map.addLayer(layer);
          else map.removeLayer(layer);
          if (on) rescale();
          // Two scales of colour on top of one another cannot be read.
          self.toggles.find(({ key }) => key === "fill").set(!on);
          map.fire("wangge:toggles");
        },
      });
      addScale(map, self, colors, layer);
    });
  };

  /** What leaflet.heat takes: colours by share of the most. */
  const scaleOf = (colors) => Object.fromEntries(colors.map((color, place) => [(place + 1) / colors.length, color]));

  /** The heat map's own legend, shown with it. */
  function addScale(map, self, colors, layer) {
    const box = wangge.element("div", "wangge-heat-scale", null, self.panel.heat);
    wangge.element("h3", "", self.say("heat_scale"), box);
    const row = wangge.element("div", "wangge-heat-row", null, box);
    wangge.element("span", "", self.say("heat_low"), row);
    const swatches = colors.day.map(() => wangge.element("i", "wangge-heat-color", null, row));
    wangge.element("span", "", self.say("heat_high"), row);
    const color = () => swatches.forEach((swatch, place) => (swatch.style.backgroundColor = colors[wangge.theme.now()][place]));
    wangge.theme.watch(color);
    color();
    const show = () => {
      box.hidden = !map.hasLayer(layer);
    };
    map.on("layeradd layerremove", show);
    show();
  }

  /** Weight of nearly the busiest spot in view, so that colours use their whole range at every zoom. */
  function busiest(map, points) {
    const cells = new Map();
    const view = map.getBounds();
    for (const [lat, lng, weight] of points) {
      if (!view.contains([lat, lng])) continue;
      const at = map.latLngToContainerPoint([lat, lng]);
      const key = Math.floor(at.x / 24) + ":" + Math.floor(at.y / 24);
      cells.set(key, (cells.get(key) || 0) + weight);
    }
    const sums = [...cells.values()].sort((a, b) => a - b);
    return sums.length ? Math.max(sums[Math.floor(0.99 * (sums.length - 1))], 1e-9) : 1;
  }
})();

/* The legend of the symbols on the map: every kind that is shown, with how many there are. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.kinds) return;

  /** Draw the legend of the layers that are on. */
  wangge.kinds = function (self, layers) {
    if (!self.panel.kinds) {
      self.panel.kinds = wangge.element("section", "wangge-kinds", null, null);
      self.panel.legend.after(self.panel.kinds);
    }
    const box = self.panel.kinds;
    box.replaceChildren();
    for (const layer of layers.filter(({ on, features }) => on && features)) {
      const count = layer.unplaced ? self.say("places.placed", { n: layer.features.length, more: layer.unplaced }) : layer.features.length;
      wangge.element("h3", "", `${self.say("places." + layer.key)} (${count})`, box);
      if (layer.key === "views") addView(self, box);
      else addKinds(self, box, layer);
    }
  };

  function addKinds(self, box, layer) {
    const counts = new Map();
    for (const { properties } of layer.features) counts.set(properties.kind, (counts.get(properties.kind) || 0) + 1);
    const order = Object.keys(self.kindNames[layer.key] || {});
    const place = (kind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
    const list = wangge.element("ul", "wangge-kind-list", null, box);
    for (const [kind, count] of [...counts].sort(([a], [b]) => place(a) - place(b))) {
      const row = wangge.element("li", "wangge-kind", null, list);
      row.append(wangge.symbol(`${layer.family}.${kind}`, { size: 20, direction_deg: 45 }));
      wangge.element("span", "", wangge.kindName(self, layer.key, kind), row);
      wangge.element("span", "wangge-kind-count", self.number(count), row);
    }
  }

  function addView(self, box) {
    const row = wangge.element("p", "wangge-kind", null, box);
    wangge.element("i", "wangge-view-swatch", null, row);
    wangge.element("span", "", self.say("places.in_view"), row);
    wangge.element("i", "wangge-view-swatch wangge-view-swatch-dark", null, row);
    wangge.element("span", "", self.say("places.dark"), row);
  }
})();

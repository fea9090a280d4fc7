/* Names and figures on the map, placed greedily so that none touches another. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.labels) return;

  const CODE_FROM_ZOOM = 16;
  const GAP = 3;

  wangge.labels = function (map, self) {
    const pane = map.getPane("wangge-labels");
    pane.classList.add("leaflet-zoom-hide");
    const box = wangge.element("div", "wangge-labels", null, pane);
    const state = { on: true };
    let waiting = null;
    const draw = () => {
      waiting = null;
      box.replaceChildren();
      if (state.on) place(map, self, box);
    };
    const later = () => {
      if (waiting === null) waiting = requestAnimationFrame(draw);
    };
    map.on("moveend zoomend resize wangge:state", later);
    document.fonts.ready.then(later);
    self.toggles.push({
      key: "labels",
      label: self.say("labels"),
      get: () => state.on,
      set: (on) => {
        state.on = on;
        later();
      },
    });
    later();
    return { draw };
  };

  function place(map, self, box) {
    const view = map.getBounds().pad(0.05);
    const taken = [];
    for (const level of order(self)) {
      const grids = level.features.features.map((feature) => self.grids.byCode.get(feature.id));
      grids.sort((a, b) => b.room - a.room);
      for (const grid of grids) {
        if (view.contains(grid.at)) put(map, self, box, grid, taken);
      }
    }
  }

  /** Coarser levels first: their names orient; then the level that is coloured. */
  function order(self) {
    return self.grids.levels.filter(({ level }) => level === self.state.level || level === self.state.level - 1);
  }

  function put(map, self, box, grid, taken) {
    const at = map.latLngToLayerPoint(grid.at);
    const east = map.latLngToLayerPoint([grid.at[0], grid.at[1] + grid.room]);
    const roomWidth = east.x - at.x;
    for (const lines of versions(map, self, grid)) {
      const label = build(lines, grid, self);
      box.appendChild(label);
      const width = label.offsetWidth;
      const height = label.offsetHeight;
      const frame = [at.x - width / 2 - GAP, at.y - height / 2 - GAP, at.x + width / 2 + GAP, at.y + height / 2 + GAP];
      const fits = grid.level < self.state.level || width <= roomWidth * 1.1;
      if (fits && !taken.some((other) => touches(frame, other))) {
        taken.push(frame);
        label.style.left = Math.round(at.x - width / 2) + "px";
        label.style.top = Math.round(at.y - height / 2) + "px";
        return;
      }
      label.remove();
    }
  }

  function touches(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  /** From the fullest to the shortest form; the first that fits is shown. */
  function versions(map, self, grid) {
    const name = ["name", grid.name];
    if (grid.level < self.state.level) return [[name]];
    const key = self.state.measure;
    const value = ["value", self.number(grid.values[key], self.decimals[key])];
    const short = ["name", shortName(self, grid)];
    const forms = [[name, value], [short, value], [value]];
    if (map.getZoom() >= CODE_FROM_ZOOM) forms.unshift([name, value, ["code", grid.code]]);
    return forms;
  }

  /** Without the parent's name, where the grid's begins with it. */
  function shortName(self, grid) {
    const parent = self.grids.byCode.get(grid.parent);
    const rest = parent && grid.name.startsWith(parent.name) ? grid.name.slice(parent.name.length).trim() : "";
    return rest || grid.name;
  }

  function build(lines, grid, self) {
    const role = grid.level === self.state.level ? "own" : "parent";
    const label = wangge.element("div", `wangge-label wangge-label-${role}`);
    label.dataset.code = grid.code;
    for (const [kind, text] of lines) wangge.element("div", "wangge-label-" + kind, text, label);
    return label;
  }
})();

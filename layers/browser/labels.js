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
    map.on("moveend zoomend resize wangge:state wangge:symbols", later);
    map.on("wangge:sheet", draw); // the browser's own print command waits for no frame
    document.fonts.ready.then(later);
    document.fonts.addEventListener("loadingdone", later); // wider or narrower than what stood in for them
    self.toggles.push({
      key: "labels",
      label: self.say("labels"),
      get: () => state.on,
      set: (on) => {
        state.on = on;
        later();
        map.fire("wangge:labels");
      },
    });
    later();
    return { draw };
  };

  /** About where the grids' labels stand, for other labels to keep away from: at any zoom, whatever is in view. */
  wangge.obstacles = function (map, self) {
    const known = new Map();
    const listeners = [];
    const boxesAt = (zoom) => {
      if (!labelsShown(self)) return [];
      if (!known.has(zoom)) known.set(zoom, estimate(map, self, zoom));
      return [...known.get(zoom), ...placedAt(map, self, zoom)];
    };
    const forget = () => {
      known.clear();
      listeners.forEach((listener) => listener());
    };
    map.on("wangge:state", ({ change }) => "level" in change && forget());
    map.on("wangge:labels", forget);
    return {
      hit: ({ minX, minY, maxX, maxY }, zoom) => boxesAt(zoom).some((box) => touches([minX, minY, maxX, maxY], box)),
      onChange: (listener) => listeners.push(listener),
    };
  };

  /** Where labels really stand now, in pixels of the whole world at a zoom. */
  function placedAt(map, self, zoom) {
    if (Math.round(map.getZoom()) !== zoom) return [];
    const scale = map.getZoomScale(zoom, map.getZoom());
    const origin = map.getPixelOrigin();
    return (self.labelFrames || []).map(([west, north, east, south]) =>
      [west + origin.x, north + origin.y, east + origin.x, south + origin.y].map((at) => at * scale),
    );
  }

  const labelsShown = (self) => self.grids && self.toggles.some(({ key, get }) => key === "labels" && get());

  function estimate(map, self, zoom) {
    const boxes = [];
    for (const { features, level } of order(self)) {
      const half = level === self.state.level ? [zoom >= CODE_FROM_ZOOM ? 70 : 52, zoom >= CODE_FROM_ZOOM ? 30 : 20] : [56, 14];
      for (const { id } of features.features) {
        const { x, y } = map.project(self.grids.byCode.get(id).at, zoom);
        boxes.push([x - half[0], y - half[1], x + half[0], y + half[1]]);
      }
    }
    return boxes;
  }

  function place(map, self, box) {
    const view = map.getBounds().pad(0.05);
    self.labelFrames = [];
    const taken = covered(map, self);
    for (const level of order(self)) {
      const grids = level.features.features.map((feature) => self.grids.byCode.get(feature.id));
      grids.sort((a, b) => b.room - a.room);
      for (const grid of grids) {
        if (view.contains(grid.at)) put(map, self, box, grid, taken);
      }
    }
  }

  /** Beyond the map's edges, below its panels and at the place clicked, in its layer's pixels: a name half hidden cannot be read. */
  function covered(map, self) {
    const { x: width, y: height } = map.getSize();
    const far = 1e6;
    const edges = [[-far, -far, 0, far], [-far, -far, far, 0], [width, -far, far, far], [-far, height, far, far]];
    return [...edges, ...panels(map), ...pin(map, self), ...(self.symbolFrames || [])].map(([left, top, right, bottom]) => {
      const [from, to] = [map.containerPointToLayerPoint([left, top]), map.containerPointToLayerPoint([right, bottom])];
      return [from.x, from.y, to.x, to.y];
    });
  }

  function pin(map, self) {
    if (!self.state.at) return [];
    const { x, y } = map.latLngToContainerPoint(self.state.at);
    return [[x - 10, y - 10, x + 10, y + 10]];
  }

  function panels(map) {
    const frame = map.getContainer().getBoundingClientRect();
    const found = map.getContainer().querySelectorAll(".wangge-panel > *, .wangge-panel-search, .wangge-zoom, .wangge-card, .wangge-gaps, .wangge-gaps-opener, .wangge-map > [class^=wangge-sheet]");
    return [...found]
      .map((panel) => panel.getBoundingClientRect())
      .filter(({ width }) => width > 0)
      .map(({ left, top, right, bottom }) => [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top]);
  }

  /** Coarser levels first: their names orient; then the level that is coloured. */
  function order(self) {
    return self.grids.levels.filter(({ level }) => level === self.state.level || level === self.state.level - 1);
  }

  function put(map, self, box, grid, taken) {
    const at = map.latLngToLayerPoint(grid.at);
    const east = map.latLngToLayerPoint([grid.at[0], grid.at[1] + grid.room]);
    const own = grid.level === self.state.level;
    for (const lines of versions(map, self, grid)) {
      const label = build(lines, own, grid.code);
      box.appendChild(label);
      const half = [label.offsetWidth / 2, label.offsetHeight / 2];
      for (const down of own ? [0, 2 * half[1] + 2, -2 * half[1] - 2] : [0]) {
        const frame = [at.x - half[0] - GAP, at.y + down - half[1] - GAP, at.x + half[0] + GAP, at.y + down + half[1] + GAP];
        const roomy = !own || (down === 0 ? 2 * half[0] <= (east.x - at.x) * 1.05 : inside(map, grid, at, half, down));
        if (roomy && !taken.some((other) => touches(frame, other))) {
          taken.push(frame);
          self.labelFrames.push(frame);
          label.style.left = Math.round(at.x - half[0]) + "px";
          label.style.top = Math.round(at.y + down - half[1]) + "px";
          return;
        }
      }
      label.remove();
    }
  }

  /** Whether a label moved off its place still lies in its grid. */
  function inside(map, grid, at, half, down) {
    const corners = [[-1, -1], [1, -1], [-1, 1], [1, 1]];
    return corners.every(([x, y]) => {
      const { lat, lng } = map.layerPointToLatLng([at.x + x * half[0] * 0.9, at.y + down + y * half[1]]);
      return covers(grid.feature.geometry, lng, lat);
    });
  }

  /** Even-odd rule over all rings. */
  function covers({ type, coordinates }, x, y) {
    const rings = type === "MultiPolygon" ? coordinates.flat() : coordinates;
    let odd = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
      }
    }
    return odd;
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
    const forms = [[short, value], [value]];
    if (map.getZoom() >= CODE_FROM_ZOOM) forms.unshift([name, value, ["code", grid.code]]);
    return forms;
  }

  /** Without the parent's name, where the grid's begins with it. */
  function shortName(self, grid) {
    const parent = self.grids.byCode.get(grid.parent);
    const rest = parent && grid.name.startsWith(parent.name) ? grid.name.slice(parent.name.length).trim() : "";
    return rest || grid.name;
  }

  function build(lines, own, code) {
    const label = wangge.element("div", `wangge-label wangge-label-${own ? "own" : "parent"}`);
    label.dataset.code = code;
    for (const [kind, text] of lines) wangge.element("div", "wangge-label-" + kind, text, label);
    return label;
  }
})();

/* Which level and measure colours the map, and which layers are shown. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.switches) return;

  wangge.switches = function () {
    return wangge.part(function (map, self) {
      const levels = self.grids.levels.map(({ level, label }) => [level, label]);
      const measures = self.measures.map(({ key }) => [key, self.say(key + ".short")]);
      choice(map, self, "level", "color_by", levels);
      choice(map, self, "measure", "measure", measures);
      wangge.element("h3", "", self.say("show"), self.panel.toggles);
      for (const toggle of self.toggles) addToggle(map, self, toggle);
    });
  };

  /** One of several, as a row of buttons. */
  function choice(map, self, field, title, values) {
    if (values.length < 2) return;
    const box = wangge.element("div", "wangge-choice", null, self.panel.choices);
    wangge.element("h3", "", self.say(title), box);
    const row = wangge.element("div", "wangge-segments", null, box);
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", self.say(title));
    const buttons = values.map(([value, label]) => {
      const button = wangge.button("wangge-segment", label, row, () => self.set({ [field]: value }));
      button.dataset[field] = value;
      return [value, button];
    });
    const mark = () =>
      buttons.forEach(([value, button]) => button.setAttribute("aria-pressed", String(self.state[field] === value)));
    map.on("wangge:state", mark);
    mark();
  }

  function addToggle(map, self, toggle) {
    const label = wangge.element("label", "wangge-toggle", null, self.panel.toggles);
    const box = wangge.element("input", "", null, label);
    box.type = "checkbox";
    box.checked = toggle.get();
    box.dataset.toggle = toggle.key;
    box.addEventListener("change", () => toggle.set(box.checked));
    map.on("wangge:toggles", () => {
      box.checked = toggle.get();
    });
    wangge.element("span", "", toggle.label, label);
  }
})();

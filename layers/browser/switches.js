/* Which level and measure colours the map, and which layers are shown. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.switches) return;

  const MOST_BUTTONS = 4;

  wangge.switches = function () {
    return wangge.part(function (map, self) {
      const levels = self.grids.levels.map(({ level, label }) => [level, label]);
      choice(map, self, "level", "color_by", levels);
      if (self.measures.length > MOST_BUTTONS) list(map, self);
      else choice(map, self, "measure", "measure", self.measures.map(({ key }) => [key, self.say(key + ".short")]));
      const places = self.toggles.filter(({ symbol }) => symbol);
      const box = self.panel.toggles;
      if (places.length) {
        wangge.element("h3", "", self.say("places"), box);
        for (const toggle of places) addToggle(map, self, toggle);
      }
      wangge.element("h3", "", self.say("show"), box);
      for (const toggle of self.toggles.filter(({ symbol }) => !symbol)) addToggle(map, self, toggle);
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

  /** One of many, as a list grouped by what the measures are about. */
  function list(map, self) {
    const box = wangge.element("div", "wangge-choice", null, self.panel.choices);
    wangge.element("h3", "", self.say("measure"), box);
    const select = wangge.element("select", "wangge-select wangge-measures", null, box);
    select.setAttribute("aria-label", self.say("measure"));
    const groups = new Map();
    for (const { key, group } of self.measures) {
      if (!groups.has(group)) groups.set(group, wangge.element("optgroup", "", null, select));
      groups.get(group).label = self.say("group." + group);
      wangge.element("option", "", self.say(key), groups.get(group)).value = key;
    }
    select.addEventListener("change", () => self.set({ measure: select.value }));
    const mark = () => {
      select.value = self.state.measure;
    };
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
    if (toggle.symbol) label.append(toggle.symbol());
    wangge.element("span", "", toggle.label, label);
  }
})();

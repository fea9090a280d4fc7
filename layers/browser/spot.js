/* The card of a service site, a team, a party organisation or a camera. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.describeSpot) return;

  /** Fill a card; `tools`: addHead, addLink, addPeople of card.js. */
  wangge.describeSpot = function (self, card, tools) {
    const { layer, family, feature } = self.spot;
    const { properties } = feature;
    const head = tools.addHead(self, card);
    const line = wangge.element("p", "wangge-card-level wangge-card-kind", null, head);
    line.append(wangge.symbol(`${family}.${properties.kind}`, { size: 24, ...camera(properties) }));
    wangge.element("span", "", wangge.kindName(self, layer, properties.kind), line);
    wangge.element("h2", "wangge-card-name", properties.name, head);
    wangge.element("p", "wangge-card-code", `${self.say("code")} ${feature.id}`, head);
    if (typeof properties.open_now === "boolean") addOpen(self, head, properties.open_now);
    const list = wangge.element("dl", "wangge-place", null, card);
    const row = (key) => {
      const box = wangge.element("div", "wangge-place-row", null, list);
      box.dataset.place = key;
      wangge.element("dt", "", self.say("places." + key), box);
      return wangge.element("dd", "", null, box);
    };
    DETAILS[layer](self, properties, row);
    addGrid(self, properties, row, tools);
    tools.addPeople(self, card, layer, feature.id);
  };

  const camera = ({ direction_deg, angle_deg, state }) => ({ direction_deg, angle_deg, state });

  function addOpen(self, head, open) {
    const badge = wangge.element("p", `wangge-badge ${open ? "wangge-badge-on" : "wangge-badge-off"}`, null, head);
    badge.dataset.open = String(open);
    badge.textContent = self.say(open ? "places.open" : "places.closed");
  }

  const text = (row, key, value) => {
    if (value !== null && value !== undefined && value !== "") row(key).textContent = String(value);
  };

  const DETAILS = {
    sites(self, properties, row) {
      const cell = row("functions");
      for (const name of properties.functions || []) {
        const line = wangge.element("div", "wangge-function", null, cell);
        wangge.element("strong", "", wangge.kindName(self, "functions", name), line);
        wangge.element("span", "", (properties.hours || {})[name], line);
      }
      text(row, "address", properties.address);
      text(row, "phone", properties.phone);
    },
    teams(self, properties, row) {
      members(self, properties, row);
      text(row, "phone", properties.phone);
    },
    party_organisations(self, properties, row) {
      members(self, properties, row);
      text(row, "parent", properties.parent_name || properties.parent_code);
    },
    cameras(self, properties, row) {
      text(row, "state", wangge.kindName(self, "states", properties.state));
      text(row, "network", wangge.kindName(self, "networks", properties.network));
      text(row, "direction", direction(self, properties.direction_deg));
      text(row, "range", self.say("places.range_m", { n: self.number(properties.range_m) }));
      text(row, "run_by", properties.organisation_name || properties.organisation_code);
      if (properties.retention_days) text(row, "retention", self.say("places.retention_days", { n: properties.retention_days }));
      text(row, "filing_number", properties.filing_number);
      text(row, "filed_on", properties.filed_on);
      text(row, "stream", properties.stream_url);
    },
  };

  function members(self, { members: known, declared_members: declared }, row) {
    const count = known === null || known === undefined ? declared : known;
    if (count !== null && count !== undefined) row("members").textContent = self.say("places.members_n", { n: self.number(count) });
  }

  /** Degrees clockwise from north, as people say it. */
  function direction(self, degrees) {
    if (degrees === null || degrees === undefined) return self.say("places.all_round");
    return `${self.say("compass").split("|")[Math.round(degrees / 45) % 8]} ${self.number(degrees)}°`;
  }

  function addGrid(self, properties, row, tools) {
    const grid = self.grids.byCode.get(properties.grid_code);
    if (!grid) return;
    const cell = row("grid");
    cell.classList.add("wangge-chain");
    const parent = self.grids.byCode.get(grid.parent);
    if (parent) tools.addLink(self, cell, parent);
    tools.addLink(self, cell, grid);
  }
})();

/* Who answers for a place, by post: asked of the server, which masks what the asker may not see. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.people) return;

  const AT_FIRST = 8;

  // What a place is called in addresses.
  const PATHS = {
    grid: "grids", neighbourhood: "neighbourhoods", building: "buildings", sites: "sites", teams: "teams",
    party_organisations: "party-organisations", cameras: "cameras",
  };

  /** Give the function that adds the list to a card; without an address it adds nothing. */
  wangge.people = function (map, self, url) {
    const known = new Map();
    let asked = null;
    return function (self, card, place, code) {
      if (!url) return;
      const address = wangge.fill(url, { place: PATHS[place], code });
      const box = wangge.element("section", "wangge-people", null, card);
      box.dataset.of = place;
      wangge.element("h3", "", self.say("people"), box);
      if (known.has(address)) {
        fill(self, box, known.get(address));
        return;
      }
      const waiting = wangge.element("p", "wangge-note", self.say("people.asking"), box);
      box.setAttribute("aria-busy", "true");
      if (asked) asked.abort();
      asked = new AbortController();
      const { signal } = asked;
      wangge.ask(address, {}, signal).then(
        (answer) => {
          known.set(address, answer);
          waiting.remove();
          box.setAttribute("aria-busy", "false");
          fill(self, box, answer);
        },
        () => {
          if (!signal.aborted) waiting.textContent = self.say("people.failed");
        },
      );
    };
  };

  function fill(self, box, { holders, vacant = [] }) {
    if (!holders.length && !vacant.length) {
      wangge.element("p", "wangge-note", self.say("people.none"), box);
      return;
    }
    const rows = together(holders, vacant);
    const show = (most) => {
      for (const old of box.querySelectorAll(".wangge-people-of, .wangge-people-list, .wangge-link")) old.remove();
      addGroups(self, box, rows.slice(0, most));
      if (rows.length > most) {
        wangge.button("wangge-link", self.say("people.more", { n: rows.length }), box, () => {
          show(rows.length);
          box.querySelector(".wangge-people-list").focus();
        });
      }
    };
    show(AT_FIRST);
  }

  const keyOf = ({ target: { kind, code } }) => `${kind} ${code}`;

  /** Posts nobody holds, before those who hold others for the same: they must not hide below the fold. */
  function together(holders, vacant) {
    const open = vacant.map((post) => ({ ...post, vacant: true }));
    const held = new Set(holders.map(keyOf));
    const rows = open.filter((post) => !held.has(keyOf(post)));
    holders.forEach((holder, place) => {
      const before = holders[place - 1];
      if (!before || keyOf(before) !== keyOf(holder)) rows.push(...open.filter((post) => keyOf(post) === keyOf(holder)));
      rows.push(holder);
    });
    return rows;
  }

  /** People under what they answer for, closest first as the server gave them. */
  function addGroups(self, box, rows) {
    let now = null;
    let list = null;
    for (const row of rows) {
      if (keyOf(row) !== now) {
        wangge.element("p", "wangge-people-of", row.target.name, box);
        list = wangge.element("ul", "wangge-people-list", null, box);
        list.tabIndex = -1;
        now = keyOf(row);
      }
      addHolder(self, list, row);
    }
  }

  function addHolder(self, list, holder) {
    const row = wangge.element("li", "wangge-holder", null, list);
    row.dataset.post = holder.post;
    const post = wangge.element("span", "wangge-holder-post", self.lang === "zh" ? holder.post_zh : holder.post_en, row);
    if (holder.rank === "deputy") wangge.element("span", "wangge-holder-rank", ` ${self.say("people.deputy")}`, post);
    const who = wangge.element("span", "wangge-holder-who", null, row);
    if (holder.vacant) {
      wangge.element("span", "wangge-badge wangge-badge-missing", self.say("people.vacant"), who);
      return;
    }
    wangge.element("span", "wangge-holder-name", holder.name || self.say("people.hidden"), who).classList.toggle("wangge-hidden", !holder.name);
    if (holder.phone) wangge.element("span", "wangge-holder-phone", holder.phone, who);
    if (holder.on_duty) wangge.element("span", "wangge-badge wangge-badge-on", self.say("people.on_duty"), who);
    if (holder.away) addAway(self, row, holder);
  }

  function addAway(self, row, holder) {
    const line = wangge.element("span", "wangge-holder-away", self.say("people.away"), row);
    if (!holder.stand_in) return;
    line.append(` · ${self.say("people.stand_in")} ${holder.stand_in}`);
    if (holder.stand_in_phone) line.append(` ${holder.stand_in_phone}`);
  }
})();

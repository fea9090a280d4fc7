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
      box.dataset.place = place;
      wangge.element("h3", "", self.say("people"), box);
      if (known.has(address)) {
        fill(self, box, known.get(address).holders);
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
          fill(self, box, answer.holders);
        },
        () => {
          if (!signal.aborted) waiting.textContent = self.say("people.failed");
        },
      );
    };
  };

  function fill(self, box, holders) {
    if (!holders.length) {
      wangge.element("p", "wangge-note", self.say("people.none"), box);
      return;
    }
    const show = (most) => {
      for (const old of box.querySelectorAll(".wangge-people-of, .wangge-people-list, .wangge-link")) old.remove();
      addGroups(self, box, holders.slice(0, most));
      if (holders.length > most) {
        wangge.button("wangge-link", self.say("people.more", { n: holders.length }), box, () => {
          show(holders.length);
          box.querySelector(".wangge-people-list").focus();
        });
      }
    };
    show(AT_FIRST);
  }

  /** People under what they answer for, closest first as the server gave them. */
  function addGroups(self, box, holders) {
    let now = null;
    let list = null;
    for (const holder of holders) {
      const key = `${holder.target.kind} ${holder.target.code}`;
      if (key !== now) {
        wangge.element("p", "wangge-people-of", holder.target.name, box);
        list = wangge.element("ul", "wangge-people-list", null, box);
        list.tabIndex = -1;
        now = key;
      }
      addHolder(self, list, holder);
    }
  }

  function addHolder(self, list, holder) {
    const row = wangge.element("li", "wangge-holder", null, list);
    row.dataset.post = holder.post;
    const post = wangge.element("span", "wangge-holder-post", self.lang === "zh" ? holder.post_zh : holder.post_en, row);
    if (holder.rank === "deputy") wangge.element("span", "wangge-holder-rank", ` ${self.say("people.deputy")}`, post);
    const who = wangge.element("span", "wangge-holder-who", null, row);
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

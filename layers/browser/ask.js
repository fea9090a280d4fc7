/* Questions to our own server. */
(function () {
  "use strict";
  const wangge = window.wangge;
  if (wangge.ask) return;

  /** The JSON an address answers with; `query` is added to what the address asks already. */
  wangge.ask = async function (url, query, signal) {
    const more = new URLSearchParams(query || {}).toString();
    const address = more ? url + (url.includes("?") ? "&" : "?") + more : url;
    const response = await fetch(address, { signal, headers: { Accept: "application/json, application/geo+json" } });
    if (!response.ok) throw new Error(`${response.status} ${address}`);
    return response.json();
  };

  /** An address with its {names} filled in. */
  wangge.fill = (template, values) =>
    template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? encodeURIComponent(values[name]) : whole));
})();

/* Forms of an appraisal sheet: what is filled in goes to the API as JSON; a refusal is said beside the button. */
(function () {
  "use strict";
  const said = JSON.parse(document.querySelector("[data-faults]").dataset.faults);
  const token = document.querySelector('meta[name="csrf-token"]').content;

  for (const form of document.querySelectorAll("form[data-api]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      const status = await send(form.dataset.api, body(form));
      if (status < 300) { location.reload(); return; }
      button.disabled = false;
      const fault = form.querySelector(".fault");
      fault.textContent = said[status] || said.else;
      fault.hidden = false;
    });
  }

  function body(form) {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      values[name] = form.elements.namedItem(name).dataset?.number === undefined ? value : Number(value);
    }
    return values;
  }

  async function send(path, values) {
    try {
      const answer = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "x-csrftoken": token, Accept: "application/json" },
        body: JSON.stringify(values),
      });
      return answer.status;
    } catch {
      return 599; // no answer at all
    }
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  for (const form of document.querySelectorAll("form[data-tidy]")) {
    form.addEventListener("submit", () => {
      for (const input of form.querySelectorAll("input, select")) if (!input.value) input.disabled = true;
    });
  }
})();

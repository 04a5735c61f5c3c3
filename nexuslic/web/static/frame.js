// What every screen does: say so when the program behind the pages is gone, and let nothing be sent twice.
"use strict";
(() => {
  const said = () => document.getElementById("said");
  const say = (text) => { said().textContent = text; };
  document.addEventListener("htmx:error", () => say(document.body.dataset.offline));
  document.addEventListener("htmx:after:request", () => say(""));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent === "yes") { event.preventDefault(); return; }
    if (!form.hasAttribute("hx-post") && form.method === "post") form.dataset.sent = "yes";
  });
  // A page that the browser shows again as it was may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();

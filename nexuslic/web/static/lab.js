// The policy lab: draws what the server describes, leads from a place on the map to its trips, and looks at a file's
// size before it is sent. A picture whose shape stays is not drawn anew: it only gets other data.
"use strict";
(() => {
  const views = new Map();
  const byId = (id) => document.getElementById(id);

  const embed = async (box, shape, sets) => {
    const spec = JSON.parse(shape);
    spec.datasets = sets;
    const made = await vegaEmbed(box, spec, { ast: true, renderer: "svg", actions: false, tooltip: { theme: "none" } });
    box.querySelector("svg").setAttribute("aria-hidden", "true");
    box.setAttribute("role", "img");
    return made;
  };

  const renew = async (made, sets, before) => {
    for (const [name, rows] of Object.entries(sets)) {
      const text = JSON.stringify(rows);
      if (text !== before[name]) made.view.data(name, rows);
    }
    await made.view.runAsync();
  };

  const texts = (sets) => Object.fromEntries(Object.entries(sets).map(([name, rows]) => [name, JSON.stringify(rows)]));

  const show = async (told) => {
    const id = told.dataset.draw;
    const box = byId(id);
    if (!box) return;
    const { shape } = told.dataset;
    const sets = JSON.parse(told.dataset.sets);
    const known = views.get(id);
    if (known && known.box === box && known.shape === shape) {
      await renew(known.made, sets, known.sets);
      known.sets = texts(sets);
    } else {
      if (known) known.made.finalize();
      const made = await embed(box, shape, sets);
      views.set(id, { box, shape, made, sets: texts(sets) });
    }
    box.setAttribute("aria-label", told.dataset.title);
    box.dataset.drawn = String(Number(box.dataset.drawn || 0) + 1);
    box.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  };

  let turn = Promise.resolve();
  const draw = () => {
    for (const told of document.querySelectorAll("[data-draw]")) {
      const { id, shape, sets } = { id: told.dataset.draw, ...told.dataset };
      if (told.seen === sets && told.of === byId(id)) continue;
      told.seen = sets;
      told.of = byId(id);
      turn = turn.then(() => (told.isConnected && shape ? show(told) : undefined));
    }
  };

  const announce = (within) => {
    const told = within.matches?.("[data-said]") ? within : within.querySelector?.("[data-said]");
    if (told) byId("lab-said").textContent = told.dataset.said;
  };

  // Where the map was clicked: the trip length of that row, and the grace of that column.
  const place = (event) => {
    const known = views.get("heat");
    const svg = known?.box.querySelector("svg");
    if (!svg) return null;
    const at = svg.querySelector("g").getScreenCTM().inverse();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(at);
    const { view } = known.made;
    const [x, y] = [view.scale("x"), view.scale("y")];
    const [left, right] = x.range();
    if (point.x < left || point.x > right) return null;
    const nearest = y.domain().reduce((best, one) => {
      const away = Math.abs(y(one) + y.bandwidth() / 2 - point.y);
      return best && best.away <= away ? best : { length: one, away };
    }, null);
    if (!nearest || nearest.away > y.step()) return null;
    return { length: nearest.length, grace: Math.round(x.invert(point.x)) };
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#heat")) return;
    const found = place(event);
    if (!found) return;
    byId("look-length").value = String(found.length);
    byId("look-grace").value = String(found.grace);
    byId("look").dispatchEvent(new Event("input", { bubbles: true }));
    byId("show-trips").click();
  });

  document.addEventListener("input", (event) => {
    const { target } = event;
    if (target.id === "look-grace" || target.id === "look") byId("look-said").textContent = byId("look-grace").value;
    if (target.getAttribute?.("aria-invalid") === "true") {
      target.removeAttribute("aria-invalid");
      const said = byId(`${target.id}-wrong`);
      if (said) said.textContent = "";
    }
  });

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.id !== "f-file" || !input.files.length) return;
    const said = byId("f-file-wrong");
    if (input.files[0].size > Number(input.dataset.most)) {
      said.textContent = input.dataset.tooLarge;
      input.setAttribute("aria-invalid", "true");
      input.value = "";
      return;
    }
    said.textContent = "";
    input.dispatchEvent(new Event("fits"));
  });

  let held = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const active = document.activeElement;
    held = active && active !== document.body ? { area: active.closest(".area"), id: active.id } : null;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx.target;
    draw();
    if (target instanceof Element) announce(target);
    if (target?.id === "looked") htmx.trigger("#curves", "looked");
    const wrong = document.querySelector("form [aria-invalid=true]");
    if (event.detail.ctx.text?.includes("aria-invalid=\"true\"") && wrong) wrong.focus();
    else if (held && document.activeElement === document.body) (byId(held.id) || held.area)?.focus({ preventScroll: true });
    if (target?.id === "examples") target.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("DOMContentLoaded", draw);
})();

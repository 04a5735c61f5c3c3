// The voyage planner: one question at a time, the newest waiting one replaces older ones, and signs that are moved.
"use strict";
(() => {
  const IDLE = 350;
  const by = (id) => document.getElementById(id);
  const planner = () => by("planner");
  const marks = () => [...document.querySelectorAll("#planner .mark")];
  const filled = (text, ...values) => text.replace(/\{(\d)\}/g, (_, place) => values[place]);
  const say = (text) => { by("spoken").textContent = text; };
  const whole = (text) => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : null);
  let busy = null, waiting = null, timer = 0, held = null, shown = [];

  // -- what is said: trouble until an answer comes, all else whatever comes -----------------------------------------
  let troubled = "";
  const trouble = (text) => {
    if (text || by("said").textContent === troubled) by("said").textContent = text;
    troubled = text;
  };

  // -- asking: a change goes before what is only looked for, and never are two on their way -------------------------
  const ask = (job) => {
    if (busy && busy.urgent) { if (job.urgent) waiting = job; return; }
    if (busy) busy.stop.abort();
    send(job);
  };
  const send = async (job) => {
    busy = job;
    job.stop = new AbortController();
    const answer = await fetched(job);
    if (busy !== job) return;
    busy = null;
    if (waiting) { const next = waiting; waiting = null; send(next); }
    if (answer !== undefined) job.then(answer);
  };
  const fetched = async (job) => {
    try {
      const reply = await fetch(job.address, { signal: job.stop.signal, headers: { "HX-Request": "true" } });
      if (!reply.ok) { trouble(planner().dataset.broke); return undefined; }
      const answer = reply.status === 204 ? null : await reply.json();
      trouble("");
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") trouble(document.body.dataset.offline);
      return undefined;
    }
  };

  // -- the plan ----------------------------------------------------------------------------------------------------
  const parts = (mark) => {
    const rest = mark.dataset.rest;
    if (mark.dataset.kind !== "clock") return { time: rest, by: "", of: "" };
    const found = rest.match(/^(.*?)\s*([+-]\S*)\s*(\S*)$/);
    return found ? { time: found[1], by: found[2], of: found[3] } : { time: rest, by: "", of: "" };
  };
  const counted = (all) => {
    const seen = {};
    return all.map((mark) => {
      const kind = mark.dataset.kind;
      seen[kind] = (seen[kind] ?? -1) + 1;
      return [`${kind}.${seen[kind]}`, mark];
    });
  };
  const asked = () => {
    const query = new URLSearchParams();
    for (const field of by("trip").elements) if (field.name) query.append(field.name, field.value);
    const all = marks();
    for (const mark of all) query.append(mark.dataset.kind, `${mark.dataset.day} ${mark.dataset.rest}`.trim());
    return [query, counted(all)];
  };
  const redraw = (change = {}) => {
    clearTimeout(timer);
    const [query, keys] = asked();
    const hand = change.mark ? keys.find(([, mark]) => mark === change.mark)?.[0] : change.hand;
    if (hand && change.step) { query.set("hand", hand); query.set("step", change.step); }
    ask({ urgent: true, address: `/voyage/redraw?${query}`, then: (answer) => answered(answer, keys, change) });
  };

  // -- the answer --------------------------------------------------------------------------------------------------
  const answered = (answer, keys, change) => {
    mistakes(answer.wrong, keys);
    const problem = by("problem");
    problem.hidden = !answer.problem;
    if (problem.textContent !== answer.problem) problem.textContent = answer.problem;
    by("calendar").classList.toggle("stale", !answer.html);
    if (answer.html) {
      Object.assign(planner().dataset, { query: answer.query, alone: answer.alone, covered: answer.covered ? "yes" : "" });
      swap(answer.html);
      by("cures-panel").hidden = answer.covered;
      if (!answer.covered && !by("cures").hasAttribute("aria-busy")) looking();
      settle();
    }
    if (!held) say(`${change.said || ""} ${answer.said}`.trim());
    performance.measure("redraw", { start: change.since ?? performance.now(), end: performance.now() });
    performance.clearMeasures("redraw");
    timer = setTimeout(idle, IDLE);
  };
  const looking = () => {
    const term = document.createElement("dt");
    term.className = "dim";
    term.textContent = planner().dataset.looking;
    by("cures").replaceChildren(term);
    by("cures").setAttribute("aria-busy", "true");
  };
  const swap = (html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    for (const part of fresh.content.children) {
      const there = by(part.id);
      if (part.id === "strip") { days(there, [...part.children]); continue; }
      const caption = there.querySelector(":scope > figcaption");
      there.replaceChildren(...(caption ? [caption] : []), ...part.childNodes);
    }
  };
  const days = (strip, fresh) => {
    const old = [...strip.children];
    fresh.forEach((day, place) => {
      const there = old[place];
      if (!there) { strip.append(day); return; }
      if (there.title === day.title) return;
      const chosen = there.classList.contains("chosen");
      there.className = day.className;
      there.classList.toggle("chosen", chosen);
      there.title = day.title;
      there.querySelector(".l").textContent = day.querySelector(".l").textContent;
    });
    const gone = old.slice(fresh.length);
    gone.flatMap((day) => [...day.querySelectorAll(".mark")]).forEach((mark) => by("beyond-marks").append(mark));
    gone.forEach((day) => day.remove());
  };
  const mistakes = (wrong, keys) => {
    for (const told of document.querySelectorAll("#trip .said-wrong")) {
      const name = told.id.slice(0, -"-wrong".length), text = wrong[name] || "";
      told.hidden = !text;
      if (told.textContent !== text) told.textContent = text;
      if (text) by(name).setAttribute("aria-invalid", "true"); else by(name).removeAttribute("aria-invalid");
    }
    const lines = [];
    for (const [key, mark] of keys) {
      const text = wrong[key] || "";
      if (text) { mark.setAttribute("aria-invalid", "true"); lines.push(`${mark.ariaLabel}: ${text}`); }
      else mark.removeAttribute("aria-invalid");
      const row = [...by("on-day").children].find((one) => one.mark === mark);
      if (!row) continue;
      const told = row.querySelector(".said-wrong");
      told.hidden = !text;
      told.textContent = text;
      row.querySelectorAll("input").forEach((field) => { if (text) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid"); });
    }
    const list = by("wrong-marks");
    list.hidden = !lines.length;
    list.replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  };
  const idle = () => {
    if (busy) return;
    const address = `/voyage${planner().dataset.query ? `?${planner().dataset.query}` : ""}`;
    if (location.pathname + location.search !== address) history.pushState(null, "", address);
    cures();
  };
  const cures = () => {
    if (by("cures-panel").hidden || busy) return;
    ask({
      urgent: false,
      address: `/voyage/cures?${planner().dataset.alone}`,
      then: (answer) => {
        if (!answer) return;
        by("cures").innerHTML = answer.html;
        by("cures").removeAttribute("aria-busy");
        by("rest").textContent = answer.rest;
      },
    });
  };

  // -- the signs ---------------------------------------------------------------------------------------------------
  const place = (mark) => {
    const day = by("strip").children[mark.dataset.day - 1];
    const there = day || by("beyond-marks"), had = document.activeElement === mark;
    mark.ariaLabel = `${mark.dataset.name}, ${document.querySelector("label[for=day]").textContent} ${mark.dataset.day}`;
    if (mark.parentNode !== there) there.append(mark);
    if (had) mark.focus();
    by("beyond").hidden = !by("beyond-marks").children.length;
  };
  const settle = () => {
    if (!held) marks().forEach(place);
    by("save").href = `/voyage/story?${planner().dataset.alone}`;
    by("plan").value = planner().dataset.query;
    choose();
  };
  const choose = () => {
    const strip = by("strip"), day = Math.min(whole(by("day").value) ?? 1, strip.children.length);
    for (const one of strip.querySelectorAll(".chosen")) one.classList.remove("chosen");
    strip.children[day - 1]?.classList.add("chosen");
    const found = marks().filter((mark) => Number(mark.dataset.day) === day);
    if (!held && (found.length !== shown.length || found.some((mark, n) => mark !== shown[n]))) rows(found);
  };
  const rows = (found) => {
    shown = found;
    by("nothing").hidden = found.length > 0;
    by("on-day").replaceChildren(...found.map(row));
  };
  const row = (mark) => {
    const one = by("event").content.firstElementChild.cloneNode(true), now = parts(mark), clock = mark.dataset.kind === "clock";
    one.mark = mark;
    one.querySelector(".what").append(mark.querySelector("svg").cloneNode(true), mark.dataset.name);
    one.querySelectorAll("[data-clock]").forEach((label) => { label.hidden = !clock; });
    one.querySelector("[data-part=time]").placeholder = { contact: "12:00", code: "12:30", clock: "05:00" }[mark.dataset.kind] || "12:00";
    const whose = one.querySelector("[data-part=of]"), crew = Math.min(whole(by("crew").value) || 1, 50);
    for (let n = 1; n <= crew; n++) whose.add(new Option(n === 1 ? "bridge" : `ws${n}`));
    if (now.of && ![...whose.options].some((option) => option.value === now.of)) whose.add(new Option(now.of));
    for (const name of ["time", "by", "of"]) one.querySelector(`[data-part=${name}]`).value = now[name];
    return one;
  };
  const move = (mark, day, since) => {
    const last = by("strip").children.length, was = Number(mark.dataset.day), to = Math.max(1, Math.min(day, last));
    if (to === was) return;
    mark.dataset.day = to;
    if (!held) { by("day").value = to; place(mark); }
    redraw({ mark, step: Math.sign(to - was), since, said: filled(planner().dataset.moved, mark.dataset.name, to) });
  };
  const remove = (mark) => {
    const all = marks(), next = all[all.indexOf(mark) + 1] || all[all.indexOf(mark) - 1] || by("day");
    const said = filled(planner().dataset.removed, mark.dataset.name, mark.dataset.day);
    mark.remove();
    by("beyond").hidden = !by("beyond-marks").children.length;
    next.focus();
    choose();
    redraw({ said });
  };
  const add = (kind) => {
    const mark = by(`new-${kind}`).content.querySelector(".mark").cloneNode(true);
    const day = Math.max(1, Math.min(whole(by("day").value) ?? 1, by("strip").children.length));
    Object.assign(mark.dataset, { day, rest: kind === "clock" ? (day === 1 ? "08:00 -1d" : "-1d") : "" });
    by("strip").children[day - 1].append(mark);
    place(mark);
    choose();
    mark.focus();
    redraw({ mark, said: filled(planner().dataset.added, mark.dataset.name, day) });
  };
  const look = (day, since) => {
    const last = by("strip").children.length, was = whole(by("day").value) ?? 1;
    by("day").value = Math.max(1, Math.min(day, last));
    choose();
    redraw({ hand: "day", step: Math.sign(day - was), since });
  };

  // -- hands -------------------------------------------------------------------------------------------------------
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -28, PageDown: 28, Home: -1e6, End: 1e6 };
  document.addEventListener("keydown", (event) => {
    if (held && event.key === "Escape") { drop(true); return; }
    const mark = event.target.closest(".mark");
    if (!mark || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps) move(mark, Number(mark.dataset.day) + steps[event.key], event.timeStamp);
    else if (event.key === "Delete" || event.key === "Backspace") remove(mark);
    else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    const mark = event.target.closest("#planner .mark");
    if (!mark || event.button) return;
    held = { mark, from: mark.dataset.day, x: event.clientX, y: event.clientY, pointer: event.pointerId };
    mark.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const { mark, x, y } = held, dx = event.clientX - x, dy = event.clientY - y;
    if (!held.moves && Math.hypot(dx, dy) < 4) return;
    held.moves = true;
    mark.classList.add("held");
    mark.style.transform = `translate(${dx}px, ${dy}px)`;
    const day = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("#strip > li"));
    for (const one of document.querySelectorAll(".under")) if (one !== day) one.classList.remove("under");
    if (!day) return;
    day.classList.add("under");
    move(mark, Number(day.dataset.day), event.timeStamp);
  });
  const drop = (back) => {
    const { mark, from, moves } = held;
    held = null;
    mark.classList.remove("held");
    mark.style.transform = "";
    for (const one of document.querySelectorAll(".under")) one.classList.remove("under");
    if (!moves) return;
    if (back) mark.dataset.day = from; else by("day").value = mark.dataset.day;
    place(mark);
    mark.focus();
    choose();
    redraw({ mark, said: filled(planner().dataset.moved, mark.dataset.name, mark.dataset.day) });
  };
  document.addEventListener("pointerup", () => { if (held) drop(false); });
  document.addEventListener("pointercancel", () => { if (held) drop(true); });
  document.addEventListener("input", (event) => {
    const field = event.target, since = event.timeStamp;
    if (field.dataset.part) { changed(field, since); return; }
    if (field.type === "range") {
      const number = by(field.dataset.for), was = whole(number.value);
      number.value = field.value;
      redraw({ hand: number.name, step: Math.sign(field.value - (was ?? 0)), since });
    } else if (field.form?.id === "trip") {
      const slider = document.querySelector(`[data-for="${field.name}"]`), number = whole(field.value);
      const step = slider && number !== null ? Math.sign(number - slider.value) : 1;
      if (slider && number !== null) slider.value = number;
      if (field.name === "day") choose();
      redraw({ hand: field.name, step, since });
    }
  });
  const changed = (field, since) => {
    const mark = field.closest("li").mark, value = (name) => field.closest("li").querySelector(`[data-part=${name}]`).value.trim();
    mark.dataset.rest = (mark.dataset.kind === "clock" ? [value("time"), value("by"), value("of")] : [value("time")]).filter(Boolean).join(" ");
    redraw({ mark, since });
  };
  document.addEventListener("focusin", (event) => {
    const hand = event.target.dataset?.for;
    if (!hand || busy) return;
    const [query] = asked();
    query.set("hand", hand);
    query.set("step", 1);
    ask({ urgent: false, address: `/voyage/ahead?${query}`, then: cures });
  });
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(`#planner ${selector}`);
    const adds = at("[data-add]"), removes = at("[data-remove]"), mark = at(".mark"), day = at("#strip > li");
    if (adds) add(adds.dataset.add);
    else if (removes) remove(removes.closest("li").mark);
    else if (mark) { if (by("day").value !== mark.dataset.day) look(Number(mark.dataset.day), event.timeStamp); }
    else if (day) look(Number(day.dataset.day), event.timeStamp);
    else if (at("#earlier")) look((whole(by("day").value) ?? 1) - 1, event.timeStamp);
    else if (at("#later")) look((whole(by("day").value) ?? 1) + 1, event.timeStamp);
    else if (at("#print")) window.print();
    else if (at("#share")) share();
    else if (at("#pin")) pin();
    else if (at("#unpin")) pin("");
    else if (at("#swap")) visit(`/voyage?${by("a").value}${by("a").value ? "&" : ""}${new URLSearchParams({ a: planner().dataset.alone || "days=45" })}`, true);
  });
  const share = async () => {
    const link = `${location.origin}/voyage?${planner().dataset.query}`;
    const copied = await navigator.clipboard.writeText(link).then(() => true, () => false);
    const said = copied ? planner().dataset.shared : filled(planner().dataset.unshared, link);
    by("said").textContent = said;
    if (copied) setTimeout(() => { if (by("said").textContent === said) by("said").textContent = ""; }, 6000);
  };
  const pin = (query = planner().dataset.alone || "days=45") => {
    by("a").value = query;
    by("compare").hidden = !query;
    redraw({ said: query ? planner().dataset.compared : "" });
    (query ? by("compare") : by("pin")).scrollIntoView({ block: "nearest" });
  };

  // -- other addresses ---------------------------------------------------------------------------------------------
  const visit = async (address, push) => {
    clearTimeout(timer);
    waiting = null;
    if (busy) { busy.stop.abort(); busy = null; }
    const focused = document.activeElement?.id;
    let text;
    try { text = await (await fetch(address)).text(); } catch { trouble(document.body.dataset.offline); return; }
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("planner");
    if (!fresh) { location.assign(address); return; }
    planner().replaceWith(document.adoptNode(fresh));
    if (push) history.pushState(null, "", address);
    begin();
    if (focused) by(focused)?.focus();
  };
  window.addEventListener("popstate", () => visit(location.pathname + location.search, false));
  document.addEventListener("submit", (event) => { if (event.target.id === "trip") event.preventDefault(); });
  const begin = () => {
    shown = [];
    if (planner().dataset.address) history.replaceState(null, "", planner().dataset.address);
    settle();
    document.querySelector("#planner [aria-invalid=true]")?.focus();
    cures();
  };
  begin();
})();

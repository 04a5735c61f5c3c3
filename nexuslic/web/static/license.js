// The License dialog: where the reader's clock is, help with the key while it is typed, a question asked again.
"use strict";
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; SameSite=Strict`;
  const by = (id) => document.getElementById(id);

  // ISO/IEC 7064 MOD 11,10: the digit that the twelve before it call for.
  const check = (body) => {
    let sum = 10;
    for (const digit of body) sum = (((sum + Number(digit)) % 10 || 10) * 2) % 11;
    return (11 - sum) % 10;
  };
  const grouped = (digits) => [digits.slice(0, 4), digits.slice(4, 8), digits.slice(8)].filter(Boolean).join("-");
  const help = (field, digits) => {
    const told = field.dataset;
    if (/[^\d\s-]/.test(field.value)) return [told.letters, "wrong"];
    if (!digits) return [by("key-help").dataset.empty, ""];
    if (digits.length === 12) return [told.one, ""];
    if (digits.length < 13) return [told.count.replace("{}", digits.length), ""];
    if (digits.length > 13) return [told.many.replace("{}", digits.length), "wrong"];
    const right = check(digits.slice(0, 12));
    return right === Number(digits[12]) ? [told.good, "good"] : [told.check.replace("{}", right), "wrong"];
  };
  const typed = (field) => {
    const digits = field.value.replace(/\D/g, "");
    if (/^[\d\s-]*$/.test(field.value) && digits.length <= 13) {
      const before = field.value.slice(0, field.selectionStart).replace(/\D/g, "").length;
      const text = grouped(digits);
      if (text !== field.value) {
        field.value = text;
        let place = 0;
        for (let seen = 0; seen < before; place += 1) if (/\d/.test(text[place])) seen += 1;
        field.setSelectionRange(place, place);
      }
    }
    const [text, tone] = help(field, digits);
    Object.assign(by("key-help"), { textContent: text, className: `help small ${tone}` });
    if (tone !== "wrong") field.removeAttribute("aria-invalid"); else field.setAttribute("aria-invalid", "true");
  };

  const empty = (field) => { field.form.reset(); if (field.id === "key") typed(field); };
  const noted = (note) => {
    const field = by(note.dataset.of);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    if ("wrong" in note.dataset) { field.setAttribute("aria-invalid", "true"); field.focus(); return; }
    field.removeAttribute("aria-invalid");
    if (!("done" in note.dataset)) return;
    empty(field);
    if (field.id === "answer") { by("code-out").replaceChildren(); empty(by("key")); }
  };

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx.target;
    if (!(target instanceof Element)) return;
    if (target.id === "ask-body") by("ask").showModal();
    if (target.id === "code-out") by("code-shown")?.focus();
    // A launch may have dropped the user who was assigned before it.
    if (target.id === "launch-said") by("user-said")?.replaceChildren();
    const note = target.querySelector("[data-of]");
    if (note && target.classList.contains("says")) noted(note);
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (!by("ask").contains(event.detail.ctx.sourceElement)) return;
    by("ask").close();
    by("people-title")?.focus();
  });
  // The second click of a double click is none.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("button")) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.hasAttribute("data-close")) by("ask").close();
    if (button?.dataset.copy) navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = button.dataset.copied; });
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "key") typed(event.target);
    else event.target.removeAttribute?.("aria-invalid");
  });
})();

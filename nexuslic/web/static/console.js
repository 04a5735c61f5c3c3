// The camera reads a request code where the browser can find bar codes; elsewhere nothing is offered.
"use strict";
(() => {
  const box = document.getElementById("camera");
  if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const view = document.getElementById("view"), button = document.getElementById("scan");
  const said = document.getElementById("camera-said"), code = document.getElementById("code");
  let stream = null;
  const stop = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null; view.srcObject = null; view.hidden = true; button.textContent = box.dataset.start;
  };
  const look = async (detector) => {
    if (!stream) return;
    const found = await detector.detect(view).catch(() => []);
    if (!stream) return;
    if (!found.length) { requestAnimationFrame(() => look(detector)); return; }
    code.value = found[0].rawValue; stop(); said.textContent = box.dataset.read; code.focus();
  };
  const start = async () => {
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      view.srcObject = stream; view.hidden = false; await view.play();
      button.textContent = box.dataset.stop; said.textContent = ""; look(detector);
    } catch { stop(); said.textContent = box.dataset.none; }
  };
  BarcodeDetector.getSupportedFormats().then((formats) => { box.hidden = !formats.includes("qr_code"); }, () => {});
  button.addEventListener("click", () => (stream ? stop() : start()));
  window.addEventListener("pagehide", stop);
})();

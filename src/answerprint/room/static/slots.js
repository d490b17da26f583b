// Stock slots: say what stands for one, take it back, fetch an offer that was chosen, put its licence into the list, and look at what moves.
import { again, api, live, say, seen, wrong } from "/static/room.js";

const page = document.getElementById("slots"), words = JSON.parse(page.dataset.words);
const slot = (one) => one.closest(".slot");
const address = (one, what) => `/api/slots/${encodeURIComponent(slot(one).dataset.name)}/${what}`;
let mine = 0; // entries that this page wrote

async function does(button, what, body) {
  const place = slot(button).querySelector(".stands");
  place.querySelector(".wrong").hidden = true;
  button.disabled = true;
  try {
    await api(address(button, what), body);
    mine += 1;
    location.hash = slot(button).id;
    again();
  } catch (error) { button.disabled = false; wrong(place, error); place.scrollIntoView({ block: "nearest" }); }
}
for (const button of page.querySelectorAll(".take")) button.addEventListener("click", () => does(button, "serve", { file: button.dataset.file ?? "", shot: button.dataset.shot ?? "", says: slot(button).dataset.says }));
for (const button of page.querySelectorAll(".back")) button.addEventListener("click", () => does(button, "withdraw", { entry: Number(button.dataset.entry), says: slot(button).dataset.says }));
for (const button of page.querySelectorAll(".write")) button.addEventListener("click", () => does(button, "rights", { file: button.dataset.file }));

// ---- an offer that somebody chose: what fetching it costs and asks stands beneath the shelf, and is said yes to there

for (const button of page.querySelectorAll(".fetch")) button.addEventListener("click", () => {
  const form = slot(button).querySelector(".fetching form.ask");
  if (!form) return say(words.stock_lacks);
  form.elements.offer.value = button.dataset.offer;
  form.elements.service.value = button.dataset.service;
  if (!form.elements.service.value) return say(words.stock_lacks);
  form.requestSubmit();
});
for (const form of page.querySelectorAll(".fetching form.ask")) { // its sentence is said, since the form itself is not seen
  const place = form.querySelector(".wrong");
  new MutationObserver(() => { if (!place.hidden) say(place.textContent); }).observe(place, { attributes: true, attributeFilter: ["hidden"] });
}

// ---- what moves plays while somebody points at it, and is scrubbed along its width

const still = matchMedia("(prefers-reduced-motion: reduce)");
for (const place of page.querySelectorAll(".seen[data-clip]")) {
  const button = place.querySelector(".plays");
  let video = null;
  const open = () => {
    if (video) return video;
    video = Object.assign(document.createElement("video"), { src: place.dataset.clip, muted: true, loop: true, playsInline: true, preload: "metadata" });
    video.addEventListener("error", () => { video.remove(); button.hidden = true; });
    place.append(video);
    return video;
  };
  const play = () => open().play().catch(() => {});
  const close = () => { video?.remove(); video = null; };
  place.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse" && !still.matches) play(); });
  place.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") close(); });
  place.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.target === button || !video?.duration) return;
    const box = place.getBoundingClientRect();
    video.pause();
    video.currentTime = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 0.999) * video.duration;
  });
  button.addEventListener("click", () => { if (!video || video.paused) play(); else close(); });
}

// ---- a shot of the library: frames along it under the pointer

const count = Number(page.dataset.frames);
for (const place of page.querySelectorAll(".seen[data-strip]")) {
  const strip = Object.assign(document.createElement("div"), { className: "strip", hidden: true });
  let image = null, wait = 0;
  place.append(strip);
  const at = (event) => {
    const box = place.getBoundingClientRect(), n = Math.min(count - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * count)));
    strip.style.backgroundPosition = `${n / (count - 1) * 100}% 0`;
  };
  place.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "touch") return;
    at(event);
    wait = setTimeout(() => { // not for a pointer on its way elsewhere
      image ??= Object.assign(new Image(), { src: place.dataset.strip });
      image.decode().then(() => { strip.style.backgroundImage = `url("${place.dataset.strip}")`; strip.style.backgroundSize = `${count * 100}% 100%`; if (place.matches(":hover")) strip.hidden = false; }).catch(() => {});
    }, 120);
  });
  place.addEventListener("pointermove", at);
  place.addEventListener("pointerleave", () => { clearTimeout(wait); strip.hidden = true; });
}

const hands = () => Boolean(document.querySelector("dialog[open], :focus:is(input, textarea, select), .asking .told:not([hidden]), video"));
live("record", (now) => { if (now.n > seen + mine && !document.querySelector(".asking[data-busy]")) hands() ? say(words.others) : again(); });

// Check: bring a film or drop it; watch how far it is; go from finding to finding.
import { again, api, live, say, wrong } from "/static/room.js";
import { Player } from "/static/player.js";

const page = document.getElementById("check"), { job, film, spec } = page.dataset, words = JSON.parse(page.dataset.words);
const at = (name) => document.getElementById(name);

// ---- bringing

const form = at("bring"), field = at("bring-file"), arriving = at("arriving");
function bring(file) {
  const limit = Number(field.dataset.limit);
  form.querySelector(".wrong").hidden = true;
  if (file.size > limit * 2 ** 30) return wrong(form, new Error(field.dataset.large.replace("{limit}", limit)));
  const asked = new XMLHttpRequest(); // tells how much of a large file has gone; fetch does not
  const told = (share) => { arriving.hidden = false; arriving.textContent = `${field.dataset.bringing.replace("{file}", file.name)} ${Math.floor(share * 100)} %`; };
  asked.open("POST", `/api/check/bring?${new URLSearchParams({ name: file.name })}`);
  asked.setRequestHeader("content-type", "application/octet-stream");
  asked.setRequestHeader("x-answerprint", document.querySelector('meta[name="form"]').content);
  asked.upload.addEventListener("progress", (event) => { if (event.lengthComputable) told(event.loaded / event.total); });
  asked.addEventListener("loadend", () => {
    arriving.hidden = true;
    field.value = "";
    let said = {};
    try { said = JSON.parse(asked.responseText); } catch { said = { says: asked.responseText }; }
    if (asked.status === 200) location.href = `/check?film=${encodeURIComponent(said.film)}`;
    else wrong(form, new Error(said.says || "The room does not answer. Is it still open? Nothing was lost on this page."));
  });
  told(0);
  asked.send(file);
}
field.addEventListener("change", () => { if (field.files[0]) bring(field.files[0]); });
const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
let depth = 0; // a drag enters and leaves everything that lies under it
addEventListener("dragenter", (event) => { if (!carries(event)) return; event.preventDefault(); depth += 1; at("drop").hidden = false; });
addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
addEventListener("dragleave", (event) => { if (!carries(event)) return; depth -= 1; at("drop").hidden = depth > 0 ? false : true; });
addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  depth = 0;
  at("drop").hidden = true;
  const [file] = event.dataTransfer.files;
  if (file) bring(file);
});

// ---- looking

const send = async (path, body) => { try { await api(path, body); again(); } catch (error) { wrong(page, error); } };
at("start")?.addEventListener("click", () => send("/api/check/start", { film, spec }));
at("stop")?.addEventListener("click", () => send("/api/check/stop", { film, spec }));
at("spec")?.addEventListener("change", (event) => event.target.form.submit());
for (const one of document.querySelectorAll(".forget")) one.addEventListener("click", async () => {
  try { await api("/api/check/forget", { film: one.value }); if (one.value === film) location.href = "/check"; else again(); } catch (error) { say(error.message); }
});
let works = Boolean(page.dataset.working);
live("work", (now) => {
  const mine = job && now[job];
  if (works !== Boolean(mine && mine.state !== "wrong")) return again();
  const place = at("doing");
  if (!mine || !place) return;
  const [label, share] = mine.state === "waits" ? [words.waiting, ""] : [`${words.running}: ${words[`does_${mine.what || "check"}`] ?? ""} `, `${Math.floor(mine.done * 100)} %`];
  place.replaceChildren(label, Object.assign(document.createElement("b"), { textContent: share }));
  document.querySelector(".doing .progress i").style.width = `${mine.done * 100}%`;
});

// ---- the film

const held = at("film");
if (held) begin(JSON.parse(held.textContent));

function begin(looked) {
  for (const one of document.querySelectorAll("[data-top]")) one.style.top = `${one.dataset.top}%`;
  const player = new Player(at("player")), { clip } = looked;
  const places = looked.findings.flatMap((one, n) => one.places.map((place) => ({ ...place, n: n + 1, check: one.check, weight: one.weight }))).sort((a, b) => a.first - b.first);
  let on = null; // the finding that was asked for
  function shows() {
    const here = places.filter((one) => one.first <= player.now && player.now < one.end);
    const one = here.find((place) => place.n === on) ?? here[0];
    at("where").textContent = `${words.frame.replace("{frame}", player.now)}${one ? `, ${one.n}: ${one.weight} ${one.check}` : ""}`;
    for (const row of document.querySelectorAll(".findings > li")) Boolean(one) && Number(row.dataset.finding) === one.n ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
  }
  async function go(frame, finding = null) {
    on = finding;
    player.pause();
    await player.seek(frame);
    shows();
  }
  function next(step) {
    const now = player.now, rows = step > 0 ? places.filter((one) => one.first > now) : places.filter((one) => one.first < now).reverse();
    if (rows[0]) go(rows[0].first, rows[0].n);
  }
  at("next")?.addEventListener("click", () => next(1));
  at("previous")?.addEventListener("click", () => next(-1));
  page.addEventListener("click", (event) => {
    const one = event.target.closest("[data-frame]");
    if (!one) return;
    go(Number(one.dataset.frame), Number(one.closest("[data-finding]")?.dataset.finding) || null);
    if (one.closest(".findings")) at("player").scrollIntoView({ block: "start" });
  });
  const fit = () => { // a number that would lie over the one before it waits; its mark stays
    let end = -Infinity;
    for (const item of [...document.querySelectorAll(".found-row [data-left]")].sort((a, b) => a.dataset.left - b.dataset.left || a.firstChild.dataset.finding - b.firstChild.dataset.finding)) {
      item.classList.remove("covered");
      const first = item.offsetLeft, covered = first < end;
      item.classList.toggle("covered", covered);
      if (!covered) end = first + item.offsetWidth;
    }
  };
  fit();
  addEventListener("resize", fit);
  player.addEventListener("frame", shows);
  player.keys();
  player.load({ clip, from: 0, to: clip.frames });
  const asked = Number(location.hash.slice(1)); // #120: at that frame
  if (Number.isInteger(asked) && asked > 0 && asked < clip.frames) go(asked);
  page.player = player;
}

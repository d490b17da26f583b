// Asking a service: a plan is shown with its price and every word that leaves; a second press says yes to exactly that. Whatever is changed in the form puts the plan away.
import { again, api, live, say, wrong } from "/static/room.js";

const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const make = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
/** The texts that leave. Lines that one of them has in common with the first, from its beginning, stand there once: several questions about one brief begin alike. */
function leaving(texts, words) {
  return texts.map((one, n) => {
    const lines = one.split("\n"), first = n ? texts[0].split("\n") : [], p = make("p", "");
    let count = 0;
    while (count < lines.length && lines[count] === first[count]) count += 1;
    if (count > 2) p.append(make("small", put(words.alike, { count })));
    p.append(make("q", (count > 2 ? lines.slice(count) : lines).join("\n")));
    return p;
  });
}
const hands = (place) => Boolean(document.querySelector("dialog[open], :focus:is(input, textarea, select)")) || Boolean(place.querySelector(".told:not([hidden])"));

export function asking(place) {
  const { road, job } = place.dataset, words = JSON.parse(place.dataset.words), fixed = JSON.parse(place.dataset.wanted);
  const ask = place.querySelector("form.ask"), told = place.querySelector("form.told");
  let plan = null, given = null;
  for (const button of place.querySelectorAll(".stop")) button.addEventListener("click", async () => {
    button.disabled = true;
    try { await api("/api/asking/stop", { road, wanted: fixed }); again(300); } catch (error) { button.disabled = false; say(error.message); }
  });
  live("work", (now) => {
    const mine = now[job], works = Boolean(mine && mine.state !== "wrong");
    if (works !== Boolean(place.dataset.busy)) return hands(place) ? say(words.others) : again();
    const doing = place.querySelector(".doing");
    if (works && doing) doing.textContent = mine.state === "waits" ? words.queued : mine.what || words.working;
  });
  if (!ask) return;
  const away = () => { told.hidden = true; plan = given = null; };
  const service = () => {
    const one = ask.elements.service.selectedOptions[0];
    ask.querySelector(".where").textContent = one.dataset.lacking || (one.dataset.where ? put(words.at, { where: one.dataset.where }) : words.here);
    for (const part of ask.querySelectorAll("[data-only]")) part.hidden = part.dataset.only !== one.dataset.kind;
  };
  const wanted = () => ({ ...fixed, ...Object.fromEntries([...ask.elements].filter((one) => one.name && one.name !== "service" && !one.closest("[data-only][hidden]")).map((one) => [one.name, one.value])) });
  ask.addEventListener("input", () => { away(); service(); });
  service();
  ask.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = ask.querySelector("[type=submit]");
    ask.querySelector(".wrong").hidden = true;
    away();
    button.disabled = true;
    try {
      const sent = { road, service: ask.elements.service.value, wanted: wanted() };
      show(await api("/api/asking/plan", sent), sent);
    } catch (error) { wrong(ask, error); } finally { button.disabled = false; }
  });
  told.addEventListener("submit", async (event) => {
    event.preventDefault();
    const yes = told.querySelector(".yes");
    if (!plan || yes.disabled) return;
    yes.disabled = true;
    told.querySelector(".wrong").hidden = true;
    try { await api("/api/asking/start", { ...given, agreed: plan.agreed }); for (const one of ask.querySelectorAll("[data-keep]")) one.forget(); away(); again(); } catch (error) { yes.disabled = false; wrong(told, error); }
  });
  told.querySelector(".no").addEventListener("click", () => { away(); if (!ask.hidden) ask.querySelector("[type=submit]").focus(); });

  function show(found, sent) {
    plan = found;
    given = sent;
    const row = (name, ...parts) => { const line = make("div", ""), value = make("dd", ""); value.append(...parts); line.append(make("dt", name), value); return line; };
    const rows = [row(words.what, found.what)];
    if (found.open.length) rows.unshift(row(words.before, put(found.open_by ? words.open_by : words.open, { entries: found.open.join(", "), by: found.open_by })));
    if (found.found) rows.push(row(words.price, words.found));
    else {
      rows.push(row(words.price, found.price, make("small", found.how)));
      rows.push(row(words.to, found.to || words.here));
      rows.push(row(found.to ? words.leaves : words.gets, ...leaving(found.leaves, words), make("small", found.carries.length ? put(words.carries, { what: found.carries.join(", ") }) : words.nothing)));
    }
    told.querySelector("dl").replaceChildren(...rows);
    told.querySelector(".against").replaceChildren(...found.why_not.map((one) => make("li", one)));
    told.querySelector(".who-lets").hidden = !found.why_not.length;
    const yes = told.querySelector(".yes");
    yes.textContent = found.found ? words.show : put(found.price === "free" ? words.yes_free : words.yes, { name: found.service, price: found.price });
    yes.hidden = found.why_not.length > 0;
    yes.disabled = false;
    told.querySelector(".no").textContent = found.why_not.length ? words.put_away : words.no;
    told.querySelector("h4").textContent = found.why_not.length ? words.cannot : words.would;
    told.querySelector(".wrong").hidden = true;
    told.hidden = false;
    told.focus();
  }
}

for (const place of document.querySelectorAll(".asking")) asking(place);

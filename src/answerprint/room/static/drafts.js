// Concepts and treatments: made because somebody asks; written over with whose each line is beside it, as one types. Nothing is written before "keep".
import { again, api, say, wrong } from "/static/room.js";

const page = document.getElementById("drafts"), words = JSON.parse(page.dataset.words);
const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** Do what a form asks for, once; what went wrong is said in it. */
function sends(form, run) {
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    form.querySelector(".wrong").hidden = true;
    try { await run(form.elements); } catch (error) { wrong(form, error); }
    button.disabled = false;
  });
}
function opens(address) {
  history.replaceState(null, "", address);
  location.reload();
}

// ---- making

sends(document.getElementById("making-concepts"), async ({ count }) => {
  const made = await api("/api/drafts/concepts", { count: Number(count.value) });
  if (made.made.length) return opens(`${location.pathname}${location.search}#concepts`);
  say(made.short);
});
sends(document.getElementById("making-treatment"), async ({ start }) => {
  const { file } = await api("/api/drafts/treatment", { start: start.value });
  opens(`/drafts?file=${encodeURIComponent(file)}#open`);
});

const what = document.getElementById("service-what"); // a service is asked for one of the two: what belongs to the other is not sent
what?.addEventListener("input", () => { for (const one of document.querySelectorAll("[data-of]")) one.hidden = one.dataset.of !== what.value; });

// ---- writing

const form = document.getElementById("writing"), text = form?.elements.text;
let kept = text?.value;
sends(form, async () => {
  await api("/api/drafts/save", { file: form.dataset.file, text: text.value, was: form.dataset.was });
  kept = text.value;
  again();
});
addEventListener("beforeunload", (event) => { if (text && text.value !== kept) event.preventDefault(); });

if (form) {
  const beside = form.querySelector(".beside"), margin = beside.querySelector(".origins"), mirror = beside.querySelector(".mirror"), now = document.getElementById("now");
  const order = ["person", "edited", "machine", "brief"];
  let passages = [], turn = 0, waits = 0;

  /** The text once more, unseen, line by line: where each stands as the browser breaks it. */
  function laid() {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
    mirror.style.width = `${text.clientWidth}px`;
    mirror.replaceChildren(...text.value.split("\n").map((line) => Object.assign(document.createElement("div"), { textContent: line || "\u200b" })));
  }
  /** Beside each block whose its passages are: one rule for each kind, and the word once. */
  function drawn() {
    const lines = [...mirror.children], blocks = new Map();
    for (const one of passages) if (!one.frame) blocks.set(one.line, [...(blocks.get(one.line) ?? []), one]);
    const begins = [...new Set(passages.map((one) => one.line))].sort((a, b) => a - b);
    margin.replaceChildren(...[...blocks].flatMap(([line, found]) => {
      const first = lines[line - 1], next = begins.find((other) => other > line) ?? lines.length + 1;
      let last = Math.min(next - 2, lines.length - 1);
      while (last > line - 1 && lines[last].textContent === "\u200b") last -= 1;
      if (!first || !lines[last]) return [];
      const mark = document.createElement("p"), here = order.filter((origin) => found.some((one) => one.origin === origin));
      mark.className = here.map((origin) => `of-${origin}`).join(" ");
      mark.style.top = `${first.offsetTop}px`;
      mark.style.height = `${lines[last].offsetTop + lines[last].offsetHeight - first.offsetTop}px`;
      mark.textContent = here.map((origin) => words.of[origin]).join(", ");
      mark.title = found.map((one) => (one.origin === "edited" ? put(words.was, { words: one.was }) : one.source)).filter(Boolean).join("\n");
      return [mark];
    }));
    const counts = order.map((origin) => [words.of[origin], passages.filter((one) => one.origin === origin && !one.frame).length]).filter(([, count]) => count);
    now.textContent = counts.map(([word, count]) => `${count} ${word}`).join(", ");
  }
  async function asks() {
    const mine = ++turn;
    try {
      const found = await api("/api/drafts/origins", { text: text.value });
      if (mine !== turn) return; // somebody typed on
      passages = found.passages;
      laid();
      drawn();
      form.dataset.told = String(mine);
    } catch (error) { if (mine === turn) wrong(form, error); }
  }
  text.addEventListener("input", () => {
    laid();
    turn += 1;
    clearTimeout(waits);
    waits = setTimeout(asks, 350);
  });
  addEventListener("resize", () => { if (form.closest("details").open) { laid(); drawn(); } });
  form.closest("details").addEventListener("toggle", () => { if (form.closest("details").open) asks(); });
}

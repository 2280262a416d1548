// A source beside the conversation: a side sheet on a laptop, a whole page on a phone. The draft stays
// where it is in both cases.
import { phrase } from "./phrases.js";

let opener = null;

function build() {
  const sheet = document.createElement("aside");
  sheet.id = "sheet";
  sheet.setAttribute("aria-label", phrase("source.title"));
  const bar = document.createElement("div");
  bar.className = "sheet-bar";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "as-link sheet-close";
  close.append(text("wide-only", phrase("source.close")), text("narrow-only", phrase("source.back")));
  close.addEventListener("click", () => closeSource());
  bar.append(close);
  const body = document.createElement("div");
  body.className = "sheet-body";
  sheet.append(bar, body);
  document.body.append(sheet);
  return sheet;
}

function text(kind, words) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = words;
  return element;
}

export async function openSource(link) {
  const sheet = document.getElementById("sheet") ?? build();
  const body = sheet.querySelector(".sheet-body");
  opener = link;
  body.textContent = phrase("source.opening");
  if (!document.body.classList.contains("with-sheet")) {
    document.body.classList.add("with-sheet");
    history.pushState({ ...history.state, sheet: true }, "");
  }
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(".document") ?? page.querySelector("main .lead");
    body.replaceChildren(document.adoptNode(found));
  } catch {
    body.textContent = phrase("failure.offline");
  }
  sheet.scrollTop = 0;
  (body.querySelector("h1") ?? sheet.querySelector(".sheet-close")).focus({ preventScroll: true });
}

function hide() {
  document.body.classList.remove("with-sheet");
  opener?.focus();
  opener = null;
}

export function closeSource() {
  if (history.state?.sheet) history.back();
  else hide();
}

export function listen() {
  addEventListener("popstate", () => {
    if (document.body.classList.contains("with-sheet")) hide();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("with-sheet")) closeSource();
  });
}

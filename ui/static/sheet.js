// A source beside the conversation: a side sheet on a laptop, a whole page on a phone. The draft stays
// where it is in both cases. An address that names a part of a page (#who) opens that part alone.
import { phrase } from "./phrases.js";

const COVERS = matchMedia("(max-width: 60rem)"); // as in turn.css: here the sheet lies over the whole page
const HEADING = "h1, h2[tabindex]";
let opener = null;

function build() {
  const sheet = document.createElement("aside");
  sheet.id = "sheet";
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
  sheet.setAttribute("aria-label", link.hash ? link.textContent : phrase("source.title"));
  if (!document.body.classList.contains("with-sheet")) {
    document.body.classList.add("with-sheet");
    history.pushState({ ...history.state, sheet: true }, "");
  }
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(link.hash || ".document") ?? page.querySelector("main .lead");
    body.replaceChildren(document.adoptNode(found));
  } catch {
    body.textContent = phrase("failure.offline");
  }
  sheet.scrollTop = 0;
  cover();
  (body.querySelector(HEADING) ?? sheet.querySelector(".sheet-close")).focus({ preventScroll: true });
}

// What lies under the sheet can neither be reached nor read out.
function cover() {
  const covered = COVERS.matches && document.body.classList.contains("with-sheet");
  for (const one of document.body.children) {
    if (!["sheet", "announce"].includes(one.id)) one.inert = covered;
  }
}

function hide() {
  document.body.classList.remove("with-sheet");
  cover();
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
  COVERS.addEventListener("change", cover);
  addEventListener("keydown", (event) => {
    if (!document.body.classList.contains("with-sheet")) return;
    if (event.key === "Escape") closeSource();
    if (event.key === "Tab" && !event.shiftKey && document.activeElement.matches(`#sheet :is(${HEADING})`)) {
      event.preventDefault(); // Close stands before the heading, and is the first that one wants from it
      document.querySelector(".sheet-close").focus();
    }
  });
}

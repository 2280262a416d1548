// The three quiet actions under a question. Everything they show is already in the page, so they work
// without the network. The aria attributes are set here because Gradio's sanitizer drops them.
import { phrase } from "./phrases.js";
import { openSource } from "./sheet.js";

const shown = (turn) => [...turn.querySelectorAll(".ask:not([hidden])")];

function another(turn, button) {
  const next = turn.querySelector(".ask[hidden]");
  if (!next) return;
  next.hidden = false;
  if (turn.querySelector(".act-why")?.getAttribute("aria-expanded") === "true") showWhy(turn, true);
  next.querySelector(".question").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (!turn.querySelector(".ask[hidden]")) {
    const last = document.createElement("p");
    last.className = "note";
    last.textContent = phrase("turn.no_more");
    button.closest(".acts").after(last);
    button.remove();
  }
}

function showWhy(turn, open) {
  for (const ask of shown(turn)) ask.querySelector(".why").hidden = !open;
}

function toggle(button, apply) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  apply(open);
}

export function prepare(root) {
  for (const button of root.querySelectorAll(".act-why, .act-source")) {
    if (!button.hasAttribute("aria-expanded")) button.setAttribute("aria-expanded", "false");
  }
}

export function listen() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".act");
    const turn = event.target.closest(".turn");
    const link = event.target.closest("a.open-source");
    if (button && turn) {
      if (button.classList.contains("act-angle")) another(turn, button);
      if (button.classList.contains("act-why")) toggle(button, (open) => showWhy(turn, open));
      if (button.classList.contains("act-source")) {
        toggle(button, (open) => (turn.querySelector(".behind").hidden = !open));
      }
    }
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openSource(link);
    }
  });
}

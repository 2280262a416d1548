// Dates in the reader's own time zone; the server can only know its own.
import { phrase } from "./phrases.js";

const sameDay = (one, other) => one.toDateString() === other.toDateString();

function spoken(when, now) {
  const time = phrase("date.clock", { hour: when.getHours(), minute: String(when.getMinutes()).padStart(2, "0") });
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (sameDay(when, now)) return phrase("date.today", { time });
  if (sameDay(when, yesterday)) return phrase("date.yesterday", { time });
  return null;
}

export function localDates(root = document) {
  const now = new Date();
  for (const element of root.querySelectorAll("time[datetime]")) {
    const when = new Date(element.dateTime);
    const shownAs = spoken(when, now);
    if (shownAs && element.textContent !== shownAs) element.textContent = shownAs;
  }
}

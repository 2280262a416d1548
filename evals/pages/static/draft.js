// A draft that was changed is not left without a question; keeping it is no leaving.
const form = document.getElementById("draft");
let kept = false;

const changed = (field) =>
  field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
const unsaved = () => "unsaved" in form.dataset || [...form.elements].some((one) => one.name && changed(one));

form.addEventListener("submit", () => (kept = true));
addEventListener("pageshow", () => (kept = false));
addEventListener("beforeunload", (event) => !kept && unsaved() && event.preventDefault());

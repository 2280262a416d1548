// The sentences that scripts say, from the catalogue: they stand in data attributes of #phrases.

const words = () => document.getElementById("phrases").dataset;

export function phrase(key, values = {}) {
  const name = key.replace(/[._]/g, "-").replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  return words()[name].replace(/\{([a-z_]+)\}/g, (_, field) => values[field] ?? "");
}

// Gradio says that the page is in the browser's language; it is in the catalogue's.
export function keepLanguage() {
  const root = document.documentElement;
  const { lang } = document.getElementById("phrases");
  const keep = () => root.lang === lang || (root.lang = lang);
  keep();
  new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ["lang"] });
}

// A whole number as the language of the page writes it.
export const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, words().group);

// The id of the account that this page was drawn for.
export const reader = () => words().reader;
export const limit = () => Number(words().limit);
export const deadline = () => Number(words().deadline);

// Says something to people who listen to the page instead of looking at it.
export function announce(text) {
  document.getElementById("announce").textContent = text;
}

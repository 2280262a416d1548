// The sentences that scripts say, from the catalogue: they stand in data attributes of #phrases.

const words = () => document.getElementById("phrases").dataset;

export function phrase(key, values = {}) {
  const name = key.replace(/[._]/g, "-").replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  return words()[name].replace(/\{([a-z_]+)\}/g, (_, field) => values[field] ?? "");
}

export const limit = () => Number(words().limit);
export const deadline = () => Number(words().deadline);

// Says something to people who listen to the page instead of looking at it.
export function announce(text) {
  document.getElementById("announce").textContent = text;
}

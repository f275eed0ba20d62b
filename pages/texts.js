// Stands in for chrome.i18n.getMessage where Chromium has lost the texts.
//
// A page that ends while it asks for its first text (a tab or the popup closed as soon as it opens) leaves Chromium's
// renderer with an empty bundle, and it keeps that: no page of the extension has a text then until all are closed.

const language = chrome.i18n.getUILanguage().replace("-", "_");

const read = async (locale) => {
  const answer = await fetch(chrome.runtime.getURL(`_locales/${locale}/messages.json`));
  return answer.json();
};

// The fetch of a file that is not there fails.
const messages = await read(language)
  .catch(() => read(language.split("_")[0]))
  .catch(() => read(chrome.runtime.getManifest().default_locale));

chrome.i18n.getMessage = (key, substitutions = []) =>
  messages[key]?.message.replace(/\$(\$+|[1-9])/g, (_, place) => substitutions[place - 1] ?? (place > 0 ? "" : place)) ?? "";

// Pages with forms of a provider's own, for the self-tests: what a person fills in, and what stands there hidden.

const INPUT = /<input\b[^>]*>/g;
const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
const text = (html) => html.replace(/&(amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity]);

/** The body that the one form of a page sends: its hidden fields and `filled`. */
export function formOf(html, filled) {
  const body = new URLSearchParams();
  for (const [tag] of html.matchAll(INPUT)) {
    if (attribute(tag, 'type') === 'hidden') body.append(attribute(tag, 'name'), text(attribute(tag, 'value') ?? ''));
  }
  for (const [name, value] of Object.entries(filled)) body.append(name, value);
  return body;
}

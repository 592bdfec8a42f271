// Runs in the browser: shows texts as HTML in every way in which a page can, and compares what it made of them.

const happenings = [];
window.happened = (what) => happenings.push(what);
window.takeHappenings = () => happenings.splice(0);
for (const name of ['alert', 'confirm', 'prompt', 'print']) {
  window[name] = (text) => window.top.happened(`${name} ${text}`);
}
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
  window.top.happened(`${effectiveDirective} ${blockedURI} ${sample}`);
});

/** An element that holds what a page has made of a text. */
const WAYS = {
  'in an element'(html) {
    const element = document.createElement('div');
    document.body.replaceChildren(element);
    element.innerHTML = html;
    return element;
  },
  'in an element of an old page'(html) {
    const element = parse('<body>').createElement('div');
    element.innerHTML = html;
    return element;
  },
  'as a document': (html) => parse(`<!doctype html><body>${html}`).body,
  'as an old document': (html) => parse(`<body>${html}`).body,
};

const PAGEFUL = 50;

/** @returns the texts that a browser reads as something else, with the way */
window.compareAll = (cases) => [
  ...Object.entries(WAYS).flatMap(([way, show]) =>
    cases.flatMap((each) => compare(way, each, show(each.html))),
  ),
  ...compareWritten(cases),
];

function compare(way, { html, tree, tags }, holder) {
  const shown = [...holder.childNodes].map(outline);
  const isSame = tags ? JSON.stringify(shown.flatMap(tagsOf)) === tags : JSON.stringify(shown) === tree;
  return isSame ? [] : [`${way}: ${html}`];
}

/** Written while the document is read, many in one: one that reached beyond its place would change those behind it. */
function compareWritten(cases) {
  const wrong = [];
  for (let at = 0; at < cases.length; at += PAGEFUL) {
    const written = cases.slice(at, at + PAGEFUL);
    const page = frame();
    page.open();
    page.write('<!doctype html><body>');
    for (const { html } of written) page.write(`<section>${html}</section>`);
    page.close();
    const places = [...page.body.children];
    if (places.length !== written.length)
      wrong.push(`written into a document: of ${written.length} are ${places.length}`);
    for (const [index, each] of written.entries()) {
      wrong.push(...compare('written into a document', each, places[index] ?? page.createElement('section')));
    }
  }
  return wrong;
}

function outline(node) {
  // A text without markup may have a "&#13;" in it, which is a line end for us.
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\r\n?/g, '\n');
  if (node.nodeType !== Node.ELEMENT_NODE) return { name: `#${node.nodeName}`, attributes: [], children: [] };
  const isHtml = node.namespaceURI === 'http://www.w3.org/1999/xhtml';
  return {
    name: isHtml ? node.localName : `foreign ${node.localName}`,
    attributes: [...node.attributes].map(({ name, value }) => ({ name, value })),
    children: [...node.childNodes].map(outline),
  };
}

function tagsOf(node) {
  return typeof node === 'string' ? [] : [node.name, ...node.children.flatMap(tagsOf)];
}

function parse(html) {
  return new DOMParser().parseFromString(html, 'text/html');
}

function frame() {
  const known = document.querySelector('iframe');
  if (known) return known.contentDocument;
  const made = document.createElement('iframe');
  document.documentElement.append(made);
  return made.contentDocument;
}

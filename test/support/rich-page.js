// Runs in the browser. It shows texts as HTML in every way of a page, and compares the results.

const happenings = [];
window.happened = (what) => happenings.push(what);
window.takeHappenings = () => happenings.splice(0);
for (const name of ['alert', 'confirm', 'prompt', 'print']) {
  window[name] = (text) => window.top.happened(`${name} ${text}`);
}
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
  window.top.happened(`${effectiveDirective} ${blockedURI} ${sample}`);
});

/** A page without a doctype, which browsers parse in quirks mode. */
const old = new DOMParser().parseFromString('<body>', 'text/html');

/** Ways to show one text. Each returns the element with the result. */
const ALONE = {
  'in an element'(html) {
    const element = document.createElement('div');
    document.body.replaceChildren(element);
    element.innerHTML = html;
    return element;
  },
  'in an element of an old page'(html) {
    const element = old.createElement('div');
    element.innerHTML = html;
    return element;
  },
};

/** Ways to show many texts. A text that breaks out of its place changes those behind it. */
const TOGETHER = {
  'in a document': (htmls) => parse(`<!doctype html><body>${htmls.map(inPlace).join('')}`),
  'in an old document': (htmls) => parse(`<body>${htmls.map(inPlace).join('')}`),
  'written into a document'(htmls) {
    const page = frame();
    page.open();
    page.write('<!doctype html><body>');
    for (const html of htmls) page.write(inPlace(html));
    page.close();
    return page;
  },
};

const PAGEFUL = 50;

/** @returns the texts that the browser reads differently, with the way */
window.compareAll = (cases) => [
  ...Object.entries(ALONE).flatMap(([way, show]) =>
    cases.flatMap((each) => compare(way, each, show(each.html))),
  ),
  ...Object.entries(TOGETHER).flatMap(([way, show]) => compareTogether(way, show, cases)),
];

function compareTogether(way, show, cases) {
  const wrong = [];
  for (let at = 0; at < cases.length; at += PAGEFUL) {
    const shown = cases.slice(at, at + PAGEFUL);
    const refs = [...show(shown.map(({ html }) => html)).body.children];
    if (refs.length !== shown.length) wrong.push(`${way}: of ${shown.length} there are ${refs.length}`);
    for (const [index, each] of shown.entries()) {
      wrong.push(...compare(way, each, refs[index] ?? document.createElement('section')));
    }
  }
  return wrong;
}

function inPlace(html) {
  return `<section>${html}</section>`;
}

function compare(way, { html, tree, tags }, holder) {
  const shown = [...holder.childNodes].map(outline);
  const isSame = tags ? JSON.stringify(shown.flatMap(tagsOf)) === tags : JSON.stringify(shown) === tree;
  return isSame ? [] : [`${way}: ${html}`];
}

function outline(node) {
  // A text without markup may contain "&#13;", which is a line end for us.
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

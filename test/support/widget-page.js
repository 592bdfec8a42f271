// Runs in the browser, in every frame, before anything else. It is a careless widget, and it
// records the effects.

const happenings = [];
/** The number of frames for links so far. Each has a name of its own. */
let linkFrames = 0;
/** The frames for documents. */
const documentFrames = [];
const top = window.top;

watch(window);

/** Records every violation of the policy, and every dialog. A real dialog takes a second. */
function watch(view) {
  view.document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
    top.happened(`${effectiveDirective} ${blockedURI} ${sample}`);
  });
  for (const name of ['alert', 'confirm', 'prompt', 'print']) {
    view[name] = (text) => top.happened(`${name} ${text}`);
  }
}

if (window === top) {
  /** The visible text of HTML. */
  window.readAsHtml = (text) => {
    const shown = document.createElement('div');
    shown.innerHTML = text;
    return shown.textContent;
  };

  window.happened = (what) => happenings.push(what);
  window.takeHappenings = () => happenings.splice(0);

  /** Puts every exhibit on the page, each on a stage of its own, and waits for the effects. */
  window.showAll = async (way, exhibits) => {
    document.querySelector('main')?.remove();
    const main = add(document.body, 'main');
    const stages = exhibits.map(() => add(main, 'section'));
    const frames = stages.map((stage, index) => WAYS[way](stage, exhibits[index], index) ?? []);
    await Promise.all(frames.flat().map(({ isLoaded }) => isLoaded));
    const owners = [...frames.flat().map(({ frame }) => frame), ...main.querySelectorAll('iframe')];
    for (const root of [main, ...owners.map(bodyOf)]) touch(root);
    await effects();
  };
}

const WAYS = {
  /** Every way in which a widget can put a text on the page. */
  text(stage, text, index) {
    add(stage, 'div').innerHTML = text;
    add(stage, 'div').innerHTML = `<p title="${text}">double</p>`;
    add(stage, 'div').innerHTML = `<p title='${text}'>single</p>`;
    add(stage, 'div').innerHTML =
      `<input placeholder="${text}" alt='${text}'><button aria-label="${text}">x</button>`;
    add(stage, 'div').textContent = text;
    // Serializes and parses it again, like editors and copies.
    add(stage, 'div').innerHTML = add(add(stage, 'section'), 'div', (copy) => {
      copy.innerHTML = text;
    }).innerHTML;
    const template = add(stage, 'template');
    template.innerHTML = `<div title="${text}">${text}</div>`;
    stage.append(template.content.cloneNode(true));
    for (const name of ['title', 'alt', 'placeholder', 'aria-label', 'class', 'id']) {
      add(stage, 'div').setAttribute(name, text);
    }
    return [
      showDocument(2 * index, `<div title="${text}">${text}</div>`),
      showDocument(2 * index + 1, `<textarea>${text}</textarea><p>${text}</p>`),
    ];
  },

  /** The text as the address of a button that is pressed. */
  address(stage, address) {
    const frame = add(stage, 'iframe');
    frame.name = `target-${linkFrames++}`;
    const link = add(stage, 'a');
    link.href = address;
    const quoted = add(stage, 'div');
    quoted.innerHTML = `<a href="${address}">double</a><a href='${address}'>single</a>`;
    for (const each of [link, ...quoted.querySelectorAll('a')]) {
      each.target = frame.name;
      // A link may lead to a page of the web with a full address. Text that is no address leads
      // nowhere.
      const isOpen = /^(?:https?|mailto|tel):/i.test(address);
      if (!isOpen && each.host !== location.host) each.click();
    }
  },

  /** An object as an element, with its fields as attributes. */
  attributes(stage, fields) {
    const element = add(stage, 'div');
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value !== 'object') element.setAttribute(name, value);
    }
    add(stage, 'div').innerHTML = `<div ${Object.entries(fields)
      .map(([name, value]) => `${name}="${typeof value === 'object' ? '' : value}"`)
      .join(' ')}>x</div>`;
  },
};

function add(parent, name, prepare) {
  const element = document.createElement(name);
  prepare?.(element);
  parent.append(element);
  return element;
}

/**
 * A document of its own, in which scripts of the markup run, unlike with innerHTML. It is written
 * into a frame that stays: a new frame costs more than all else. Writing removes the listeners.
 */
function showDocument(index, html) {
  const frame = frameOf(index);
  const isLoaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  frame.contentDocument.open();
  watch(frame.contentWindow);
  frame.contentDocument.write(`<!doctype html><body>${html}`);
  frame.contentDocument.close();
  return { frame, isLoaded };
}

/** A frame with a document of ours, outside the stages. A text may have led it to another host. */
function frameOf(index) {
  const known = documentFrames[index];
  if (known?.isConnected && known.contentDocument) return known;
  known?.remove();
  documentFrames[index] = add(document.body, 'iframe');
  return documentFrames[index];
}

/** Clicks, hovers and focuses every element. */
function touch(root) {
  for (const element of root?.querySelectorAll('*:not(a):not(iframe)') ?? []) {
    for (const name of ['pointerover', 'mouseover', 'mouseenter', 'mousemove', 'click', 'focus', 'toggle']) {
      element.dispatchEvent(new Event(name, { bubbles: true }));
    }
  }
  // A link to a page would replace this page, so it is not clicked.
  for (const element of root?.querySelectorAll('button,input,label,summary,a') ?? []) {
    if (element.protocol && element.protocol !== 'javascript:') continue;
    element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  }
}

/** Resolves when two frames were drawn and every task that waited has run. */
async function effects() {
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
  await window.scheduler.postTask(() => {}, { priority: 'background' });
}

function bodyOf(frame) {
  try {
    return frame.contentDocument?.body;
  } catch {
    // The frame shows another host.
    return undefined;
  }
}

// Runs in the browser, in every frame, before anything else. It is a careless widget, and it
// records the effects.

const happenings = [];
const top = window.top;

document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
  top.happened(`${effectiveDirective} ${blockedURI} ${sample}`);
});

// A real dialog takes a second.
for (const name of ['alert', 'confirm', 'prompt', 'print']) {
  window[name] = (text) => top.happened(`${name} ${text}`);
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

  /** Every way in which a widget can put a text on the page. */
  window.showText = async (text) => {
    const stage = newStage();
    add(stage, 'div').innerHTML = text;
    add(stage, 'div').innerHTML = `<p title="${text}">double</p>`;
    add(stage, 'div').innerHTML = `<p title='${text}'>single</p>`;
    add(stage, 'div').innerHTML =
      `<input placeholder="${text}" alt='${text}'><button aria-label="${text}">x</button>`;
    const written = add(stage, 'div');
    written.textContent = text;
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
    await showDocument(stage, `<div title="${text}">${text}</div>`);
    await showDocument(stage, `<textarea>${text}</textarea><p>${text}</p>`);
    await settle(stage);
  };

  /** The text as the address of a button that is pressed. */
  window.showAddress = async (address) => {
    const stage = newStage();
    const frame = add(stage, 'iframe');
    frame.name = 'target';
    const link = add(stage, 'a');
    link.href = address;
    const quoted = add(stage, 'div');
    quoted.innerHTML = `<a href="${address}">double</a><a href='${address}'>single</a>`;
    for (const each of [link, ...quoted.querySelectorAll('a')]) {
      each.target = 'target';
      // A link may lead to a page of the web with a full address. Text that is no address leads
      // nowhere.
      const isOpen = /^(?:https?|mailto|tel):/i.test(address);
      if (!isOpen && each.host !== location.host) each.click();
    }
    await settle(stage);
  };

  /** An object as an element, with its fields as attributes. */
  window.showAttributes = async (fields) => {
    const stage = newStage();
    const element = add(stage, 'div');
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value !== 'object') element.setAttribute(name, value);
    }
    add(stage, 'div').innerHTML = `<div ${Object.entries(fields)
      .map(([name, value]) => `${name}="${typeof value === 'object' ? '' : value}"`)
      .join(' ')}>x</div>`;
    await settle(stage);
  };
}

function newStage() {
  const stage = document.createElement('main');
  document.body.replaceChildren(stage);
  return stage;
}

function add(parent, name, prepare) {
  const element = document.createElement(name);
  prepare?.(element);
  parent.append(element);
  return element;
}

/** A document of its own, in which scripts of the markup run, unlike with innerHTML. */
async function showDocument(stage, html) {
  const frame = document.createElement('iframe');
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  frame.srcdoc = `<!doctype html><body>${html}`;
  stage.append(frame);
  await loaded;
}

/** Clicks, hovers and focuses every element, and waits for the effects. */
async function settle(stage) {
  const roots = [stage, ...[...stage.querySelectorAll('iframe')].map(bodyOf)];
  for (const root of roots) {
    for (const element of root?.querySelectorAll('*:not(a):not(iframe)') ?? []) {
      for (const name of [
        'pointerover',
        'mouseover',
        'mouseenter',
        'mousemove',
        'click',
        'focus',
        'toggle',
      ]) {
        element.dispatchEvent(new Event(name, { bubbles: true }));
      }
    }
    // A link to a page would replace this page, so it is not clicked.
    for (const element of root?.querySelectorAll('button,input,label,summary,a') ?? []) {
      if (element.protocol && element.protocol !== 'javascript:') continue;
      element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    }
  }
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
}

function bodyOf(frame) {
  try {
    return frame.contentDocument?.body;
  } catch {
    // The frame shows another host.
    return undefined;
  }
}

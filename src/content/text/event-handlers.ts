/**
 * The beginnings of the names of events in HTML, SVG and browsers. The pattern `on\w+\s*=`
 * (docs/guides.md#card-texts), taken literally, also blocks `phone = 5` and `only = 7`, so that the
 * names are spelled out. A test asks a browser for its events.
 */
const EVENTS = (
  'abort activate addstream addtrack after animation appinstalled audio auto auxclick before begin blocked blur bounce ' +
  'boundary cached cancel canplay cellchange characteristic change charging checking click close command compass complete ' +
  'connect contentvisibility context controllerchange controlselect copy cuechange currententry currentscreen cut data ' +
  'dblclick deactivate device dischargingtime dispose dom downloading drag drop duration emptied encrypted end enter error ' +
  'exit fencedtree fetch filter finish focus form fragment freeze fullscreen gamepad gatt gesture gotpointer hashchange ' +
  'help icecandidate iceconnection icegathering identity input install interest invalid key language layoutcomplete ' +
  'leavepicture levelchange load losecapture lostpointer media message midi mouse move moz mscontentzoom msgesture ' +
  'msmanipulation mspointer mssitemode mute navigate negotiation nomatch notification obsolete offline online open ' +
  'orientation outofsync overscroll page paint paste pause payment periodicsync pending play pointer popstate popup ' +
  'portal prerendering processorerror progress prompt property push ratechange readystate rejection release removestream ' +
  'removetrack rendering repeat reset resize resource result resume reverse rowenter rowexit rowsdelete rowsinserted ' +
  'scroll search securitypolicy seek select serviceadded shipping show signaling slotchange snap soundend soundstart speech ' +
  'squeeze stalled start statechange stop storage submit success suspend sync terminate timeerror timeout timeupdate ' +
  'timezone toggle tonechange touch track transition unhandled unload unmute update upgrade urlflip userproximity ' +
  'validation versionchange visibility voiceschanged volume vrdisplay waiting webkit wheel zoom'
).split(' ');

const PREFIX = `on(?:${EVENTS.join('|')})`;
const NAME = new RegExp(`^${PREFIX}`, 'i');
const ASSIGNMENT = new RegExp(`\\b${PREFIX}\\w*\\s*=`, 'i');

/** Whether an attribute of this name runs what it holds. */
export function isEventHandler(name: string): boolean {
  return NAME.test(name.normalize('NFKC'));
}

/** Whether a text has an event handler in it, as in `onclick = alert(1)`. */
export function hasEventHandler(text: string): boolean {
  return ASSIGNMENT.test(text);
}

import { h, render } from 'preact';
import { findLogin } from './data/login.ts';
import { App } from './views/app.ts';

const place = document.querySelector('#app');
if (place) {
  place.replaceChildren();
  render(h(App, {}), place);
  void findLogin();
}

/** A constructed style sheet, which a page's content security policy lets through. */
export const loaderStyles = `
:host {
  all: initial !important;
  --accent: var(--accent-on-light, #0b6b57);
  color-scheme: light dark;
}
.launcher {
  all: unset;
  position: fixed;
  inset-block-end: max(20px, env(safe-area-inset-bottom));
  inset-inline-end: 20px;
  z-index: 2147483000;
  box-sizing: border-box;
  inline-size: 60px;
  block-size: 60px;
  border-radius: 50%;
  display: grid;
  place-items: center;
  cursor: pointer;
  color: #fff;
  background: var(--accent);
  box-shadow: 0 1px 2px rgb(0 0 0 / 0.16), 0 8px 24px rgb(0 0 0 / 0.22);
}
.launcher:hover { filter: brightness(1.08); }
.launcher:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
.launcher svg {
  grid-area: 1 / 1;
  inline-size: 28px;
  block-size: 28px;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.9;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.launcher .down, .launcher[aria-expanded='true'] .chat { opacity: 0; }
.launcher[aria-expanded='true'] .down { opacity: 1; }
.badge {
  position: absolute;
  inset-block-start: -3px;
  inset-inline-end: -3px;
  min-inline-size: 22px;
  block-size: 22px;
  padding: 0 6px;
  box-sizing: border-box;
  border-radius: 11px;
  border: 2px solid #fff;
  background: #b3261e;
  color: #fff;
  font: 700 12px/18px system-ui, sans-serif;
  text-align: center;
}
.badge[hidden] { display: none; }
dialog {
  all: unset;
  display: none;
  position: fixed;
  inset-block-end: 96px;
  inset-inline-end: 20px;
  z-index: 2147483001;
  inline-size: min(404px, calc(100vw - 40px));
  block-size: min(680px, calc(100dvh - 120px));
  border-radius: 20px;
  overflow: hidden;
  --ground: #fff;
  /* Until the chat is loaded: where its header will be. */
  background: linear-gradient(var(--accent) 64px, var(--ground) 64px);
  box-shadow: 0 0 0 1px rgb(0 0 0 / 0.06), 0 4px 12px rgb(0 0 0 / 0.08), 0 24px 64px rgb(0 0 0 / 0.24);
}
dialog[open] { display: block; }
dialog.full {
  inset: 0;
  inline-size: 100%;
  block-size: 100dvh;
  max-inline-size: none;
  max-block-size: none;
  border-radius: 0;
  box-shadow: none;
}
dialog::backdrop { background: transparent; }
iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; }
@media (prefers-color-scheme: dark) { :host([data-theme='auto']) dialog { --ground: #121715; box-shadow: 0 0 0 1px rgb(255 255 255 / 0.12), 0 24px 64px rgb(0 0 0 / 0.6); } }
:host([data-theme='dark']) dialog { --ground: #121715; box-shadow: 0 0 0 1px rgb(255 255 255 / 0.12), 0 24px 64px rgb(0 0 0 / 0.6); }
@media (prefers-reduced-motion: no-preference) {
  .launcher, .launcher svg { transition: filter 0.15s, opacity 0.15s, transform 0.2s; }
  .launcher:active { transform: scale(0.95); }
  dialog[open] { animation: rise 0.22s cubic-bezier(0.2, 0.8, 0.2, 1); }
  @keyframes rise { from { opacity: 0; transform: translateY(12px) scale(0.985); } }
}
`

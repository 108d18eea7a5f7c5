/**
 * What other sites load: a button that opens the assistant in a frame of Steward's own origin. This script sees nothing
 * of what is written there; the two tell each other only "open", "close" and "ready". See docs/using/widget.md.
 *
 *   <script src="https://steward.example.org/widget.js" data-label="Ask us" async></script>
 */
(function () {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || document.querySelector('steward-widget') !== null) return;
  const steward = new URL(script.src).origin;
  const { label = 'Assistant', language = '', theme = '' } = script.dataset;

  const host = document.createElement('steward-widget');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  // A constructed sheet, since a page's content policy may forbid style elements and attributes.
  sheet.replaceSync(`
    :host { all: initial; position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; font: 500 16px/1.4 system-ui, sans-serif; }
    button { font: inherit; color: #fff; background: #1b6a5e; border: 0; border-radius: 2rem; min-block-size: 3rem; padding: 0 1.25rem; cursor: pointer; box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
    button:focus-visible { outline: 3px solid #1b6a5e; outline-offset: 3px; }
    [role='dialog'] { position: fixed; inset-block-end: 5rem; inset-inline-end: 1rem; inline-size: min(25rem, calc(100vw - 2rem)); block-size: min(38rem, calc(100dvh - 7rem)); border-radius: .75rem; overflow: hidden; box-shadow: 0 8px 40px rgb(0 0 0 / 30%); background: Canvas; }
    [hidden] { display: none; }
    iframe { border: 0; inline-size: 100%; block-size: 100%; display: block; }
    @media (width < 30rem) { [role='dialog'] { inset: 0; inline-size: 100%; block-size: 100%; border-radius: 0; } }`);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');
  const panel = document.createElement('div');
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', label);
  panel.hidden = true;
  root.append(button, panel);
  let frame: HTMLIFrameElement | undefined;
  let ready = false;
  let before: Element | null = null;

  function say(word: string) {
    frame?.contentWindow?.postMessage({ steward: word }, steward);
  }

  function open() {
    before = document.activeElement;
    if (frame === undefined) {
      frame = document.createElement('iframe');
      frame.title = label;
      frame.allow = 'clipboard-write';
      // The frame needs to know whom to tell; the server decides who may show it at all.
      frame.src = `${steward}/widget#${new URLSearchParams({ origin: location.origin, language, theme }).toString()}`;
      panel.append(frame);
    }
    panel.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    frame.focus();
    if (ready) say('open');
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    // Back to where the person was; the page may have taken that away.
    if (before instanceof HTMLElement && before.isConnected && before !== host && before !== document.body) before.focus();
    else button.focus();
  }

  button.addEventListener('click', () => (panel.hidden ? open() : close()));
  root.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent && event.key === 'Escape') close();
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin !== steward || event.source === null || event.source !== frame?.contentWindow) return;
    const word = (event.data as { steward?: unknown } | null)?.steward;
    if (word === 'close') close();
    if (word === 'ready') {
      ready = true;
      if (!panel.hidden) say('open');
    }
  });
  document.body.append(host);
})();

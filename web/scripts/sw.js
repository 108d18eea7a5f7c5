/* global FILES, VERSION -- written before this text by scripts/service-worker.mjs */
// Keeps the pages' own files, so that they open without a network. Never keeps data: what the API says is asked anew each
// time, and what a person may read offline is kept by the page for that person alone.

const PREFIX = 'steward-pages-';
const CURRENT = PREFIX + VERSION;

// Pages that are open still need the files they were built with: the version before is kept as long as this one.
const VERSIONS_KEPT = 2;

// Where browsers get data, never a page.
const DATA = /^\/(?:api|v1|mcp|health|metrics|openapi|docs|swagger-ui|error|embed|widget)(?:[/.]|$)/;

// The page that is being opened has the same few connections to the server, so what is kept for later comes after it.
self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CURRENT)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { headers: { Accept: 'text/html, */*' }, priority: 'low', cache: file.startsWith('/assets/') ? 'default' : 'reload' }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(PREFIX)))
      // In the order in which they were made.
      .then((names) => Promise.all(names.slice(0, -VERSIONS_KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || DATA.test(url.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (FILES.includes(url.pathname) || url.pathname.startsWith('/assets/')) event.respondWith(file(request));
});

/** The server's page wherever it answers, so that a page never is older than the server; else the one that is kept. */
async function page(request) {
  try {
    const response = await fetch(request);
    // Between the browser and a server that is away may stand a proxy, which says so.
    if (response.status < 502 || response.status > 504) return response;
    return (await caches.match('/', { ignoreVary: true })) ?? response;
  } catch (error) {
    const kept = await caches.match('/', { ignoreVary: true });
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Files with a hash in their name never change; the others come from the server while it answers. */
async function file(request) {
  if (new URL(request.url).pathname.startsWith('/assets/')) return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept === undefined) throw error;
    return kept;
  }
}

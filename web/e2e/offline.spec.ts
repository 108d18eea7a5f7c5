import type { Page } from '@playwright/test';
import { ask, enter, expect, PASSWORD, Steward, test, watch } from './steward';

async function installed(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while ((await caches.keys()).length === 0) await new Promise((done) => setTimeout(done, 50));
  });
}

async function copies(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name ?? '').filter((name) => name.startsWith('steward-of-')));
}

test('the pages can be installed', async ({ page }) => {
  const faults = await watch(page);
  await enter(page, 'Paul');
  await installed(page);
  const manifest = (await (await page.request.get('/manifest.webmanifest')).json()) as { icons: { src: string; sizes: string; type: string }[]; display: string };
  expect(manifest.display).toBe('standalone');
  for (const icon of manifest.icons) {
    const response = await page.request.get(icon.src);
    expect(response.headers()['content-type']).toBe(icon.type);
    if (icon.type === 'image/png') expect((await response.body()).readUInt32BE(16)).toBe(Number(icon.sizes.split('x')[0]));
  }
  expect(faults).toEqual([]);
});

test('without a network what was read can be read, and what is written goes out later', async ({ page, context, steward }) => {
  steward.model.answer = 'Kept words.';
  steward.model.pace = 5;
  await enter(page, 'Quin');
  await ask(page, 'Remember this');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const chat = page.url();
  await installed(page);
  await page.reload();
  await expect(page.locator('.answer .markdown')).toHaveText('Kept words.');

  steward.model.answer = 'Sent now.';
  await context.setOffline(true);
  await page.goto(chat);
  await expect(page.locator('.question-text')).toHaveText('Remember this');
  await expect(page.locator('.answer .markdown')).toHaveText('Kept words.');
  await expect(page.getByRole('navigation', { name: 'Conversations' }).getByRole('link')).toHaveCount(1);
  await expect(page.getByText('No network.')).toBeVisible();
  await ask(page, 'Written offline');
  await expect(page.getByText('Waits to be sent')).toBeVisible();
  await page.reload();
  await expect(page.locator('.question-text')).toHaveText(['Remember this', 'Written offline']);

  await context.setOffline(false);
  await expect(page.locator('.answer .markdown')).toHaveText(['Kept words.', 'Sent now.']);
});

test('a conversation of late can be read offline though it was never opened here', async ({ browser, steward }) => {
  steward.model.answer = 'From elsewhere.';
  const [first, second] = await Promise.all([browser.newContext({ baseURL: steward.url }), browser.newContext({ baseURL: steward.url })]);
  const one = await first.newPage();
  await enter(one, 'Rita');
  await ask(one, 'Asked on another device');
  await expect(one.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const two = await second.newPage();
  await two.goto('/');
  await two.getByLabel('E-mail').fill('rita@example.org');
  await two.getByLabel('Password').fill(PASSWORD);
  await two.getByRole('button', { name: 'Sign in' }).click();
  await expect(two.getByRole('heading', { name: 'What can I do for you?' })).toBeVisible();
  await installed(two);
  const id = new URL(one.url()).pathname.slice(3);
  await expect
    .poll(() =>
      two.evaluate(
        (wanted) =>
          new Promise<boolean>((resolve) => {
            void indexedDB.databases().then((all) => {
              const request = indexedDB.open(all[0]?.name ?? '');
              request.onsuccess = () => {
                const get = request.result.transaction('copies').objectStore('copies').get(`turns.${wanted}`);
                get.onsuccess = () => {
                  request.result.close();
                  resolve(get.result !== undefined);
                };
              };
            });
          }),
        id,
      ),
      { timeout: 30_000 },
    )
    .toBe(true);
  await second.setOffline(true);
  await two.goto(new URL(one.url()).pathname);
  await expect(two.locator('.answer .markdown')).toHaveText('From elsewhere.');
  await first.close();
  await second.close();
});

test('who signs out leaves nothing in the browser, and the next person sees and sends nothing of it', async ({ page, context, steward }) => {
  steward.model.answer = 'Private.';
  await enter(page, 'Sara');
  await ask(page, 'My diary');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const chat = new URL(page.url()).pathname;
  await installed(page);
  await page.getByRole('textbox', { name: 'Message' }).fill('a draft of mine');
  await expect.poll(() => copies(page)).toHaveLength(1);
  const keys = () => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('steward.me.') || name === 'steward.who'));
  expect((await keys()).length).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Steward' })).toBeVisible();
  expect(await keys()).toEqual([]);
  await expect.poll(() => copies(page)).toEqual([]);

  await enter(page, 'Tom');
  await page.goto(chat);
  await expect(page.getByRole('alert')).toBeVisible();
  await context.setOffline(true);
  await page.goto(chat);
  await expect(page.getByText('My diary')).toHaveCount(0);
  await expect(page.getByText('Private.')).toHaveCount(0);
  await context.setOffline(false);
});

test('somebody else who signs in where a session ended begins with empty pages', async ({ page, context, steward }) => {
  steward.model.answer = 'Hers.';
  await enter(page, 'Vera');
  await context.clearCookies();
  await enter(page, 'Uwe');
  await context.clearCookies({ name: /access|refresh/ });
  await page.getByRole('textbox', { name: 'Message' }).fill('Words of Uwe');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  // Her session is in the browser for a while before the page hears of it, and the message is tried again meanwhile.
  await page.route('**/api/v1/auth/login', async (route) => {
    const response = await route.fetch();
    for (let i = 0; i < 10; i++) {
      // The page may have been loaded anew by now, for her.
      await page.evaluate(() => window.dispatchEvent(new Event('online'))).catch(() => undefined);
      await new Promise((done) => setTimeout(done, 100));
    }
    await route.fulfill({ response }).catch(() => undefined);
  });
  await dialog.getByLabel('E-mail').fill('vera@example.org');
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'What can I do for you?' })).toBeVisible();
  await expect(page.getByText('Words of Uwe')).toHaveCount(0);
  await page.goto('/settings');
  await expect(page.getByText('vera@example.org')).toBeVisible();
  expect(steward.model.asked.filter((asked) => asked.includes('Words of Uwe'))).toEqual([]);
});

test('what is written in one tab is not sent in the session of somebody who has signed in in another', async ({ page, context, steward }) => {
  await enter(page, 'Walda');
  const other = await context.newPage();
  await other.goto('/');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await enter(other, 'Xanthe');
  await ask(page, 'Words of Walda');
  await expect(page.getByText('Words of Walda')).toHaveCount(0);
  await page.goto('/settings');
  await expect(page.getByText('xanthe@example.org')).toBeVisible();
  expect(steward.model.asked.filter((asked) => asked.includes('Words of Walda'))).toEqual([]);
});

test('an open page tells of a new version, and the pages open while the server is away', async ({ browser }) => {
  test.setTimeout(180_000);
  const steward = new Steward();
  await steward.start();
  await steward.register('Admin');
  const context = await browser.newContext({ baseURL: steward.url });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByLabel('E-mail').fill('admin@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'What can I do for you?' })).toBeVisible();
  await installed(page);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'What can I do for you?' })).toBeVisible();
  await steward.kill();
  await page.reload();
  await expect(page.getByText('The server does not answer.')).toBeVisible();
  await steward.start();
  await expect(page.getByText('The server does not answer.')).toBeHidden();
  await context.route(/\/$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/\/assets\/index-[^"]+\.js/, '/assets/index-newer.js') });
  });
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(page.getByText('There is a new version of these pages.')).toBeVisible();
  await context.unrouteAll();
  await page.getByRole('button', { name: 'Load it' }).click();
  await expect(page.getByText('There is a new version of these pages.')).toHaveCount(0);
  await context.close();
  await steward.stop();
});

import AxeBuilder from '@axe-core/playwright';
import { appendFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, PASSWORD, Steward, test as base, watch } from './steward';

/** A site of somebody else's: another origin, and by its name (localhost, not 127.0.0.1) another site. */
class HostSite {
  private server: Server | undefined;
  origin = '';

  async start(script: () => string): Promise<void> {
    const server = createServer((_, response) => {
      // As strict as a site can be and still load the widget.
      response.setHeader('Content-Security-Policy', `default-src 'none'; script-src ${new URL(script()).origin}; frame-src ${new URL(script()).origin}`);
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><html lang="en"><title>Host</title><h1>A site</h1><a href="#x">A link</a><script src="${script()}" data-label="Ask us" async></script></html>`);
    });
    this.server = server;
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.close();
  }
}

interface Sites {
  steward: Steward;
  allowed: HostSite;
  other: HostSite;
}

const test = base.extend<object, { sites: Sites }>({
  sites: [
    async ({}, use) => {
      const steward = new Steward();
      const [allowed, other] = [new HostSite(), new HostSite()];
      const script = () => `${steward.url}/widget.js`;
      await allowed.start(script);
      await other.start(script);
      await steward.prepare();
      appendFileSync(join(steward.home, 'steward.yaml'), `\nwidget: {origins: ["${allowed.origin}"]}\n`);
      await steward.start();
      await steward.register('Admin');
      await use({ steward, allowed, other });
      allowed.stop();
      other.stop();
      await steward.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ sites }, use) => use(sites.steward.url),
});

test('a named site shows the assistant: sign in, ask, close, all by keyboard', async ({ page, sites }) => {
  const faults = await watch(page);
  sites.steward.model.answer = 'We are open until six. **Come in.**';
  await page.goto(sites.allowed.origin);
  const button = page.getByRole('button', { name: 'Ask us' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByRole('dialog', { name: 'Ask us' })).toBeVisible();
  const frame = page.frameLocator('iframe');
  await expect(frame.getByLabel('E-mail')).toBeFocused();
  await page.keyboard.type('admin@example.org');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(frame.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.type('When do you close?');
  await page.keyboard.press('Enter');
  await expect(frame.getByText('We are open until six.').first()).toBeVisible();
  await expect(frame.locator('.markdown strong')).toHaveText('Come in.');

  // The browser keeps these cookies for this site alone, and Steward itself knows nothing of them.
  const cookies = (await page.context().cookies(sites.steward.url)).filter((cookie) => cookie.name.includes('steward'));
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(['steward_frame_access', 'steward_frame_csrf', 'steward_frame_refresh']);
  expect(cookies.every((cookie) => cookie.sameSite === 'None' && cookie.secure)).toBe(true);

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter((v) => v.nodes.some((n) => n.target.length > 1)).map((v) => `${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);

  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await button.click();
  await expect(frame.getByText('We are open until six.').first()).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Ask us' }).click();
  await expect(page.frameLocator('iframe').getByRole('textbox', { name: 'Message' })).toBeVisible();
  expect(faults).toEqual([]);
});

test('any other site gets an empty frame, and no other page of Steward is ever shown in one', async ({ page, sites }) => {
  await page.goto(sites.other.origin);
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await page.getByRole('button', { name: 'Ask us' }).click();
  await refused;
  await expect(page.frameLocator('iframe').getByLabel('E-mail')).toHaveCount(0);

  await page.goto(sites.allowed.origin);
  const main = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await page.evaluate((url) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(frame);
  }, `${sites.steward.url}/`);
  await main;
});

test('words from anybody but the frame itself do not close it', async ({ page, sites }) => {
  await page.goto(sites.allowed.origin);
  await page.getByRole('button', { name: 'Ask us' }).click();
  await expect(page.frameLocator('iframe').getByLabel('E-mail')).toBeVisible();
  await page.evaluate(() => window.postMessage({ steward: 'close' }, '*'));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 0)));
  await expect(page.getByRole('dialog', { name: 'Ask us' })).toBeVisible();
});

test('it works where the browser blocks cookies of other sites', async ({ playwright, launchOptions, sites }) => {
  sites.steward.model.answer = 'Still here.';
  const browser = await playwright.chromium.launch({ ...launchOptions, args: [...(launchOptions.args ?? []), '--test-third-party-cookie-phaseout'] });
  try {
    const page = await browser.newPage();
    await page.goto(sites.allowed.origin);
    await page.getByRole('button', { name: 'Ask us' }).click();
    const frame = page.frameLocator('iframe');
    await expect(frame.getByLabel('E-mail')).toBeVisible();
    // The browser really does: an ordinary cookie of the frame is dropped.
    expect(
      await frame.locator('body').evaluate(() => {
        document.cookie = 'ordinary=1; SameSite=None; Secure';
        return document.cookie;
      }),
    ).not.toContain('ordinary');
    await frame.getByLabel('E-mail').fill('admin@example.org');
    await frame.getByLabel('Password').fill(PASSWORD);
    await frame.getByRole('button', { name: 'Sign in' }).click();
    await frame.getByRole('textbox', { name: 'Message' }).fill('Anybody there?');
    await page.keyboard.press('Enter');
    await expect(frame.getByText('Still here.').first()).toBeVisible();
    await page.reload();
    await page.getByRole('button', { name: 'Ask us' }).click();
    await expect(page.frameLocator('iframe').getByRole('textbox', { name: 'Message' })).toBeVisible();
  } finally {
    await browser.close();
  }
});

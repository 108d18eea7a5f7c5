import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, PASSWORD, test, watch } from './steward';

const PICTURES = process.env['PICTURES'];

test.use({ locale: 'de-DE' });

/** Wide and narrow: no wider than its window, and kept as pictures where somebody wants to look. */
async function look(page: Page, name: string) {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    if (PICTURES === undefined) continue;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: `${PICTURES}/german-${name}-${width}.png` });
  }
}

async function call(page: Page, method: string, path: string, body?: unknown): Promise<unknown> {
  return page.evaluate(
    async ({ method, path, body }) => {
      const csrf = /steward_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const response = await fetch(`/api/v1${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf } });
      if (!response.ok) throw new Error(await response.text());
      return response.json() as Promise<unknown>;
    },
    { method, path, body },
  );
}

test('who reads German is told in German what is wrong with a form, a model server and a task', async ({ page }) => {
  const faults = await watch(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Konto anlegen', exact: true }).click();
  await page.getByLabel('Name').fill('Greta');
  await page.getByLabel('E-Mail').fill('greta@example.org');
  await page.getByLabel('Passwort').fill('kurz');
  await page.getByRole('button', { name: 'Das Konto anlegen' }).click();
  await expect(page.getByText('Die Anfrage wurde abgelehnt, nichts wurde geändert.')).toBeVisible();
  await expect(page.locator('.fault')).toHaveText('muss mindestens 8 Zeichen haben; 15 oder mehr sind besser');
  await look(page, 'form');

  await page.goto('/');
  await page.getByLabel('E-Mail').fill('admin@example.org');
  await page.getByLabel('Passwort').fill('not the password');
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
  await expect(page.getByText('Die E-Mail-Adresse oder das Passwort ist falsch.')).toBeVisible();
  await page.getByLabel('Passwort').fill(PASSWORD);
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Was kann ich für Sie tun?' })).toBeVisible();

  await page.goto('/models');
  await page.getByRole('button', { name: 'Server verbinden' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('OpenAI-kompatibel').click();
  await dialog.getByLabel('Adresse').fill('http://127.0.0.1:1/v1');
  await dialog.getByRole('button', { name: 'Prüfen' }).click();
  await expect(dialog.getByText('hat die Verbindung abgelehnt. Prüfen Sie die Adresse und ob der Server läuft.')).toBeVisible();
  await dialog.getByLabel('Name').fill('test');
  await dialog.getByRole('button', { name: 'Speichern' }).click();
  await expect(dialog.locator('.fault')).toHaveText('einen Modellserver mit dem Namen test gibt es schon');
  await look(page, 'server');

  await call(page, 'POST', '/tasks', { type: 'noop', description: 'Probe', input: { fail_times: 5 }, max_retries: 0 });
  await expect.poll(async () => ((await call(page, 'GET', '/dlq')) as { items: unknown[] }).items.length).toBeGreaterThan(0);
  await page.goto('/dead-letters');
  await expect(page.getByRole('heading', { name: 'Versuch 1 ist gescheitert, wie es verlangt war.' })).toBeVisible();
  await expect(page.locator('main')).not.toContainText('as it was asked to');
  await look(page, 'dead-letters');

  await page.goto('/status');
  await expect(page.getByRole('heading', { name: 'Status' })).toBeVisible();
  await look(page, 'status');
  expect(faults).toEqual([]);
});

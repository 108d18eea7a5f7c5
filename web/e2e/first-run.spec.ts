import AxeBuilder from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, test } from '@playwright/test';
import { ask, expect, register, Steward, watch } from './steward';

/** Where the server's own tests keep the small model, with its hash checked. Where they did not run, it is fetched. */
const SMALL_MODEL = join(homedir(), '.cache/steward-test/smollm2-135m.gguf');

/** A new server, and a browser that nobody used before. */
async function first(browser: Browser, models: string[], use: (page: Page, steward: Steward) => Promise<void>) {
  const steward = new Steward(models);
  await steward.start();
  const context = await browser.newContext({ baseURL: steward.url, locale: 'en-GB' });
  const page = await context.newPage();
  const faults = await watch(page);
  try {
    await use(page, steward);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
    await steward.stop();
  }
}

test('the first person becomes the administrator, and is led to a model that answers, by keyboard', async ({ browser }) => {
  test.setTimeout(240_000);
  await first(browser, ['models: {embedded: {install: never}}'], async (page, steward) => {
    steward.model.answer = 'Good evening.';
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Welcome to Steward' })).toBeVisible();
    await register(page, 'Zoe');
    await expect(page.getByRole('heading', { name: 'Welcome, Zoe' })).toBeVisible();
    await expect(page.getByText('No language model is there yet.')).toBeVisible();
    await expect(page.getByRole('article').filter({ hasText: 'Qwen' }).getByRole('button', { name: 'Install' })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);

    await page.getByRole('button', { name: 'Connect a service' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Connect a model server' });
    await dialog.getByLabel('Address').fill(steward.model.url);
    await dialog.getByRole('button', { name: 'Test' }).focus();
    await page.keyboard.press('Enter');
    await expect(dialog.getByText('It answers')).toBeVisible();
    await dialog.getByLabel('Name').fill('mine');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status').filter({ hasText: 'mine/mock' })).toContainText('stays on machines of yours');
    await expect(page.getByRole('article', { name: 'mine' })).toContainText('Answered in');

    // What was left can be come back to.
    await page.getByRole('link', { name: 'All about the models' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Step by step' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Start talking' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByText('mine/mock answers, on this machine.')).toBeVisible();
    await ask(page, 'Hello');
    await expect(page.locator('.answer .markdown')).toHaveText('Good evening.');
    await page.getByRole('link', { name: 'People' }).click();
    await expect(page.getByRole('row', { name: /Zoe/ })).toContainText('Administrator');
  });
});

test('a real model comes, answers, and goes on by itself after the server was killed', async ({ browser }) => {
  test.setTimeout(420_000);
  test.skip(process.platform === 'linux' && !execFileSync('/sbin/ldconfig', ['-p']).includes('libgomp.so.1'), 'the built-in model needs libgomp1: apt-get install libgomp1');
  const models = existsSync(SMALL_MODEL) ? `install: never, path: ${SMALL_MODEL}` : 'install: auto, model: smollm2-135m';
  await first(browser, [`models: {embedded: {${models}}}`, 'agents: {epsilon: {max_tokens: 120}}'], async (page, steward) => {
    await page.goto('/');
    await register(page, 'Yves');
    await expect(page.getByRole('heading', { name: 'Welcome, Yves' })).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: 'embedded/' })).toContainText('It costs nothing.', { timeout: 240_000 });
    await page.getByRole('link', { name: 'Start talking' }).click();
    await ask(page, 'Write a very long story about a lighthouse keeper.');
    const answer = page.locator('.answer .markdown');
    await expect(answer).toContainText(/(\S+\s+){8}/, { timeout: 60_000 });
    await steward.kill();
    await expect(page.getByText('Interrupted, continuing')).toBeVisible();
    const before = await answer.innerText();
    await steward.start();
    await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible({ timeout: 150_000 });
    const after = await answer.innerText();
    expect(after.length).toBeGreaterThan(before.length);
    expect(words(after).startsWith(words(before))).toBe(true);
    await page.getByRole('button', { name: 'Why this answer?' }).click();
    await expect(page.getByRole('dialog')).toContainText('embedded/');
  });
});

/** Without what the page adds while a text is not complete yet. */
function words(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/[^\p{L}\p{N}]+$/u, '');
}

import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { ask, enter, expect, signIn, test, watch } from './steward';

const PAGES = ['/', '/welcome', '/tasks', '/dead-letters', '/agents', '/models', '/agents/zeta', '/schedules', '/status', '/users', '/settings'];
const SCREENS = [
  { width: 1280, height: 800 },
  { width: 390, height: 800 },
  { width: 320, height: 640 },
];
const PICTURES = process.env['PICTURES'];

/** The open page in both themes, wide and narrow, and down to 320 pixels: without a fault, and no wider than its window. */
async function examine(page: Page, path: string) {
  const name = path === '/' ? 'new' : path.startsWith('/c/') ? 'chat' : path.startsWith('/tasks/') ? 'task' : path.slice(1).replaceAll('/', '-');
  for (const screen of SCREENS) {
    await page.setViewportSize(screen);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${path} is wider than its window of ${screen.width}`).toBeLessThanOrEqual(0);
    if (screen.width < 390) continue;
    for (const scheme of ['light', 'dark'] as const) {
      // Colours that are still on their way from one theme to the other have any contrast.
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${path} ${scheme} ${screen.width}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
      if (PICTURES !== undefined) {
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: `${PICTURES}/${name}-${screen.width}-${scheme}.png` });
      }
    }
  }
}

test('every page is accessible and within the content policy, in both themes, wide and narrow', async ({ page, steward }) => {
  test.setTimeout(300_000);
  const faults = await watch(page);
  steward.model.answer = 'Sunlight is scattered by the air, and **blue light** far more than red.\n\n1. short waves scatter\n2. long waves go on\n\n```python\nprint("blue")\n```';
  await signIn(page, 'Admin');
  const made = await page.evaluate(async () => {
    const csrf = /steward_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
    const body = JSON.stringify({ type: 'noop', description: 'Drill', input: { fail_times: 5 }, max_retries: 0 });
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf };
    const response = await fetch('/api/v1/tasks', { method: 'POST', body, headers });
    const schedule = { type: 'reminder', description: 'Water the plants', input: { text: 'Water the plants' }, schedule: { cron: '0 8 * * 1-5', time_zone: 'Europe/Berlin' } };
    await fetch('/api/v1/tasks', { method: 'POST', body: JSON.stringify(schedule), headers });
    return ((await response.json()) as { id: string }).id;
  });
  await ask(page, 'Why is the sky blue by day, and red in the evening when the sun stands low?');
  expect(await page.locator('.side-body').evaluate((side) => side.scrollWidth - side.clientWidth), 'a long title fits the list').toBeLessThanOrEqual(0);
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const paths = [...PAGES, new URL(page.url()).pathname, `/tasks/${made}`];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.locator('#content')).toBeVisible();
    await expect(page.locator('#content').getByText('Loading')).toHaveCount(0);
    await examine(page, path);
  }
  expect(faults).toEqual([]);
});

test('the door is accessible, in both themes, wide and narrow', async ({ page }) => {
  // Eight looks by axe; each takes seconds on a busy machine.
  test.setTimeout(180_000);
  const faults = await watch(page);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  // Without its style sheet the sign of the house fills the window.
  expect((await page.locator('.gate-card img').boundingBox())?.width).toBeLessThan(64);
  await examine(page, '/sign-in');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await examine(page, '/register');
  expect(faults).toEqual([]);
});

test('everything can be reached by keyboard, beginning with a way past the menu', async ({ page }) => {
  await enter(page, 'Keys');
  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeFocused();
});

test('languages change at once and stay', async ({ page }) => {
  await enter(page, 'Lena');
  await page.goto('/settings');
  await page.getByLabel('Language').selectOption('de');
  await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
});

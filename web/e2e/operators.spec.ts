import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { MockModel } from './mock-model';
import { expect, PASSWORD, signIn, test, watch } from './steward';

/** Calls the API as the person who is signed in on the page. */
async function call<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ({ method, path, body }) => {
      const csrf = /steward_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
      const response = await fetch(`/api/v1${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf } });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json().catch(() => undefined)) as T;
    },
    { method, path, body },
  );
}

async function deadLetter(page: Page, description: string): Promise<string> {
  const { id } = await call<{ id: string }>(page, 'POST', '/tasks', { type: 'noop', description, input: { fail_times: 5 }, max_retries: 0 });
  await expect.poll(() => page.evaluate(async (task) => (await fetch(`/api/v1/dlq/${task}`)).status, id)).toBe(200);
  return id;
}

/** What a noop that is told to fail says; the name of its cause among the dead letters. */
const FAILED = 'Attempt 1 failed, as it was asked to.';

/** Puts every dead letter away, whoever left it. */
async function dismissAll(page: Page): Promise<void> {
  const { items } = await call<{ items: { fingerprint: string }[] }>(page, 'GET', '/dlq/causes');
  for (const { fingerprint } of items) await call(page, 'POST', '/dlq/dismiss', { fingerprint });
}

/** Keeps pictures of what is open, wide and narrow, light and dark, where `PICTURES` names a folder. */
async function photograph(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${name}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  const folder = process.env['PICTURES'];
  if (folder === undefined) return;
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
}

test('a model server is tried, connected, used, put in order and removed, without a restart', async ({ page }) => {
  const faults = await watch(page);
  const second = new MockModel();
  const address = await second.start();
  await signIn(page, 'Admin');
  await page.goto('/models');
  await page.getByRole('button', { name: 'Connect a server' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('OpenAI-compatible').click();
  await dialog.getByLabel('Address').fill('http://127.0.0.1:1/v1');
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByText('refused the connection')).toBeVisible();
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByLabel('Key', { exact: true }).fill('sk-not-to-be-seen');
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByText('It answers')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  await dialog.getByLabel('Name').fill('second');
  await dialog.getByLabel('When is it asked?').selectOption('first');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const card = page.getByRole('article', { name: 'second' });
  await expect(card.getByText('Answered in')).toBeVisible();
  await expect(page.getByText('Set here.')).toBeVisible();
  await expect(page.locator('.order > li').first()).toContainText('second/mock');
  expect(await page.content()).not.toContain('sk-not-to-be-seen');

  await page.getByRole('button', { name: 'Ask second/mock later' }).click();
  await page.getByRole('button', { name: 'Save the order' }).click();
  await expect(page.locator('.order > li').first()).toContainText('test/mock');
  await page.getByRole('button', { name: 'Back to what steward.yaml says' }).click();
  await expect(page.getByText('As steward.yaml says.')).toBeVisible();

  await card.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(card).toHaveCount(0);
  second.stop();
  expect(faults).toEqual([]);
});

test('a connected server and the order survive a power cut', async ({ page, steward }) => {
  const second = new MockModel();
  await signIn(page, 'Admin');
  await call(page, 'POST', '/backends', { name: 'kept', kind: 'openai', url: await second.start(), api_key: 'sk-1' });
  await call(page, 'PUT', '/models/chain', { models: ['kept/mock', 'test/mock'] });
  await steward.kill();
  await steward.start();
  await page.goto('/models');
  await expect(page.locator('.order > li').first()).toContainText('kept/mock');
  await expect(page.getByRole('article', { name: 'kept' }).getByText('works')).toBeVisible();
  await call(page, 'DELETE', '/backends/kept');
  second.stop();
});

test('a dead letter shows its errors, goes back with other input, and the change is seen', async ({ page }) => {
  const faults = await watch(page);
  await signIn(page, 'Admin');
  const id = await deadLetter(page, 'To be mended');
  await page.goto('/dead-letters');
  const cause = page.getByRole('region', { name: FAILED });
  await cause.getByText('One by one').click();
  const letter = cause.getByRole('listitem').filter({ hasText: 'To be mended' });
  await letter.getByRole('button', { name: 'Send back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Attempts and their errors').click();
  await expect(dialog.getByRole('table')).toBeVisible();
  await dialog.getByLabel('Input').fill('{\n  "fail_times": 0\n}');
  await expect(dialog.locator('.difference .new')).toContainText('"fail_times": 0');
  await expect(dialog.locator('.difference .old')).toContainText('"fail_times": 5');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  await dialog.getByLabel('Reason').fill('wrong count');
  await dialog.getByRole('button', { name: 'Send back' }).click();
  await expect(letter).toHaveCount(0);
  await page.goto(`/tasks/${id}`);
  await expect(page.getByText('You sent it back')).toBeVisible();
  await expect(page.locator('.difference .old')).toContainText('5');
  expect(faults).toEqual([]);
});

test('a whole cause is dismissed after its number was told', async ({ page }) => {
  await signIn(page, 'Admin');
  await deadLetter(page, 'One');
  await deadLetter(page, 'Two');
  await page.goto('/dead-letters');
  const cause = page.getByRole('region', { name: FAILED });
  await cause.getByRole('button', { name: 'Dismiss all' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog.getByText(FAILED)).toBeVisible();
  await expect(dialog.getByText(/That are: \d+/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Dismiss' }).click();
  await expect(cause).toHaveCount(0);
  await dismissAll(page);
  await expect(page.getByRole('heading', { name: 'No dead letter' })).toBeVisible();
});

test('the letters of a cause stay open while other causes come and go, and come back after an error', async ({ page }) => {
  await signIn(page, 'Admin');
  await dismissAll(page);
  await deadLetter(page, 'Looked at');
  // The first answer and all that are asked for at once after it.
  let broken = 4;
  const body = JSON.stringify({ title: 'Broken', status: 500, code: 'internal_error', request_id: '1', retryable: true, detail: 'It broke.' });
  await page.route(
    (url) => url.pathname === '/api/v1/dlq',
    (route) => (broken-- > 0 ? route.fulfill({ status: 500, contentType: 'application/problem+json', body }) : route.fallback()),
  );
  await page.goto('/dead-letters');
  const cause = page.getByRole('region', { name: FAILED });
  await cause.getByText('One by one').click();
  await expect(cause.getByText('It broke.')).toBeVisible();
  const back = cause.getByRole('listitem').filter({ hasText: 'Looked at' }).getByRole('button', { name: 'Send back' });
  await expect(back).toBeVisible();

  const other = await call<{ id: string }>(page, 'POST', '/tasks', { type: 'noop', description: 'Late', input: { duration_ms: 60_000 }, deadline: new Date(Date.now() + 1_000).toISOString() });
  await expect(page.locator('section.card')).toHaveCount(2);
  await expect(back).toBeVisible();
  await call(page, 'DELETE', `/dlq/${other.id}`);
  await expect(page.locator('section.card')).toHaveCount(1);
  await back.click();
  await expect(page.getByRole('dialog').getByLabel('Input')).toBeVisible();
  await page.keyboard.press('Escape');
  await dismissAll(page);
});

test('a dead letter tells its batch and what waits for it, and what dismissing it does to that', async ({ page }) => {
  const faults = await watch(page);
  await signIn(page, 'Admin');
  await dismissAll(page);
  const tasks = [
    { type: 'noop', name: 'first', description: 'Fetch the figures', input: { fail_times: 9 }, max_retries: 0 },
    { type: 'noop', name: 'second', description: 'Draw the curve', after: ['first'] },
    { type: 'noop', name: 'third', description: 'Add them up', after: ['first'] },
  ];
  const batch = await call<{ id: string; final: string }>(page, 'POST', '/tasks/batches', { description: 'Weekly report', tasks, final: { type: 'noop', description: 'Send the report' } });
  await page.goto('/dead-letters');
  const cause = page.getByRole('region', { name: FAILED });
  await cause.getByText('One by one').click();
  const letter = cause.getByRole('listitem').filter({ hasText: 'Fetch the figures' });
  await expect(letter).toContainText('2 tasks wait for it.');
  await letter.getByRole('button', { name: 'Send back' }).click();
  await expect(page.getByRole('dialog')).toContainText('2 tasks wait for it, and go on once it is done.');
  await page.keyboard.press('Escape');
  await photograph(page, 'dead-letter-of-a-batch');
  await cause.getByRole('button', { name: 'Dismiss all' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('2 tasks that wait for this are cancelled');
  await page.keyboard.press('Escape');
  await letter.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('2 tasks that wait for this are cancelled');
  await photograph(page, 'dismiss-what-others-wait-for');
  await page.keyboard.press('Escape');

  await letter.getByRole('link', { name: 'Weekly report' }).click();
  const final = page.getByRole('region', { name: /When all is done/ });
  await expect(final).toContainText('waits for others');
  await photograph(page, 'batch-with-final');
  await call(page, 'DELETE', `/dlq/${(await call<{ items: { task: { id: string } }[] }>(page, 'GET', `/tasks/batches/${batch.id}/tasks`)).items[0]?.task.id ?? ''}`);
  await expect(page.getByRole('row', { name: /Draw the curve/ })).toContainText('cancelled');
  await expect(final).toContainText('completed');
  await final.getByRole('link', { name: 'Send the report' }).click();
  await expect(page.getByRole('region', { name: 'Came after' }).getByRole('link', { name: 'Add them up' })).toBeVisible();
  expect(faults).toEqual([]);
});

test('people are found, get another role, another password, and are signed out', async ({ page, steward }) => {
  await steward.register('Berta');
  await signIn(page, 'Admin');
  await page.goto('/users');
  await page.getByLabel('Name or e-mail').fill('BERTA');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: 'Berta' }).click();
  await page.getByRole('radio', { name: /Operator/ }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByText('Nowhere just now.')).toBeVisible();
  await page.getByLabel('New password').fill('the quiet sound of snow');
  await page.getByRole('button', { name: 'Set it' }).click();
  await expect(page.getByText('The password is changed')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => v.id)).toEqual([]);
  const status = async (password: string) =>
    (await fetch(`${steward.url}/api/v1/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'berta@example.org', password }) })).status;
  expect(await status(PASSWORD)).toBe(401);
  expect(await status('the quiet sound of snow')).toBe(200);
});

test('a schedule is made with its next runs before the eyes, paused and deleted', async ({ page }) => {
  const faults = await watch(page);
  await signIn(page, 'Admin');
  await page.goto('/schedules');
  await page.getByRole('button', { name: 'New schedule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Of what?').fill('Water the plants');
  await dialog.getByLabel('How often?').selectOption('weekly');
  await dialog.getByLabel('Time zone').fill('Europe/Berlin');
  await expect(dialog.locator('.runs li')).toHaveCount(5);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => v.id)).toEqual([]);
  await dialog.getByRole('button', { name: 'Schedule it' }).click();
  const card = page.getByRole('article', { name: 'Water the plants' });
  await expect(card.getByText('Next:')).toBeVisible();
  await card.getByRole('button', { name: 'Pause' }).click();
  await expect(card.getByText('paused')).toBeVisible();
  await expect(card.getByText('It does not run until it goes on.')).toBeVisible();
  await card.getByRole('button', { name: 'Go on' }).click();
  await expect(card.getByText('Next:')).toBeVisible();
  await card.getByText('Next and last runs').click();
  await expect(card.locator('.runs li').first()).toBeVisible();
  await card.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing is scheduled' })).toBeVisible();
  expect(faults).toEqual([]);
});

test('a mistyped address says that nothing is there', async ({ page }) => {
  await signIn(page, 'Admin');
  for (const path of ['/tasks/nonsense', '/batches/1', '/users/Ada', '/c/x']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
  }
});

test('an agent has an order of its own, and gives it back', async ({ page }) => {
  await signIn(page, 'Admin');
  await call(page, 'PUT', '/agents/zeta/chain', { models: ['test/mock'] });
  await page.goto('/agents');
  await page.getByRole('link', { name: 'Zeta' }).click();
  await expect(page.getByText('Set here.')).toBeVisible();
  await page.getByRole('button', { name: 'Back to no order' }).click();
  await expect(page.getByText('No order of its own')).toBeVisible();
});

test('a task shows what it waits for, what waits for it, and its batch', async ({ page }) => {
  const faults = await watch(page);
  await signIn(page, 'Admin');
  const tasks = [
    { type: 'noop', name: 'first', description: 'Fetch the figures', input: { fail_times: 9 }, max_retries: 0 },
    { type: 'noop', name: 'second', description: 'Draw the curve', after: ['first'] },
    { type: 'noop', name: 'beside', description: 'Write the letter', unique_key: 'monthly-letter' },
    ...Array.from({ length: 13 }, (_, i) => ({ type: 'noop', name: `check ${i + 1}`, description: `Check it ${i + 1}`, after: ['first'] })),
  ];
  const batch = await call<{ id: string }>(page, 'POST', '/tasks/batches', { description: 'Monthly report', tasks });
  const { items } = await call<{ items: { name: string; task: { id: string } }[] }>(page, 'GET', `/tasks/batches/${batch.id}/tasks`);
  const second = items.find(({ name }) => name === 'second')?.task.id ?? '';
  await page.goto(`/tasks/${second}`);
  await expect(page.getByRole('img', { name: 'The task is: waits for others' })).toBeVisible();
  const first = page.getByRole('region', { name: 'Waits for' });
  await expect(first).toContainText('dead letter');
  await first.getByRole('link', { name: 'Fetch the figures' }).click();
  const waiting = page.getByRole('region', { name: 'What waits for it' });
  await expect(waiting.getByRole('link', { name: 'Draw the curve' })).toBeVisible();
  await expect(waiting.getByRole('link')).toHaveCount(12);
  await photograph(page, 'task-with-followers');
  await waiting.getByRole('button', { name: 'Show more' }).click();
  await expect(waiting.getByRole('link')).toHaveCount(14);
  await expect(waiting.getByRole('link', { name: 'Check it 13' })).toBeVisible();
  await page.getByRole('region', { name: /Part of a batch/ }).getByRole('link', { name: 'Monthly report' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Monthly report' })).toBeVisible();
  await expect(page.getByRole('row', { name: /Draw the curve/ })).toContainText('waits for others');
  await expect(page.getByRole('row', { name: /Write the letter/ })).toContainText('completed');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  await page.getByRole('row', { name: /Write the letter/ }).getByRole('link').click();
  await expect(page.getByText('monthly-letter')).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Cancel all of it' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel all of it' }).click();
  await expect(page.getByRole('row', { name: /Draw the curve/ })).toContainText('cancelled');
  expect(faults).toEqual([]);
});

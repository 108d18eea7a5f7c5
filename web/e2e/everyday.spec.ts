import { ask, enter, expect, signIn, test, watch } from './steward';

test('a conversation is renamed, pinned and put away, and a deleted one can be taken back', async ({ page, steward }) => {
  const faults = await watch(page);
  steward.model.answer = 'Yes.';
  await enter(page, 'Irma');
  await ask(page, 'Is it?');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const list = page.getByRole('navigation').locator('.conversations');
  const menu = async (choice: string) => {
    await list.getByRole('button', { name: /What to do with/ }).click();
    await page.getByRole('menuitem', { name: choice, exact: true }).click();
  };

  await menu('Rename');
  await page.getByRole('textbox', { name: 'New name' }).fill('Harvest');
  await page.keyboard.press('Enter');
  await expect(list.getByRole('link', { name: 'Harvest' })).toBeVisible();

  await menu('Pin');
  await expect(list.getByRole('region', { name: 'Pinned' }).getByRole('link', { name: 'Harvest' })).toBeVisible();
  await menu('Unpin');
  await expect(list.getByRole('region', { name: 'Pinned' })).toHaveCount(0);

  await menu('Put into the archive');
  await expect(list.getByText('No conversation yet.')).toBeVisible();
  await list.getByRole('button', { name: 'Archive' }).click();
  await expect(list.getByRole('link', { name: 'Harvest' })).toBeVisible();
  await menu('Take out of the archive');
  await list.getByRole('button', { name: 'Leave the archive' }).click();
  await expect(list.getByRole('link', { name: 'Harvest' })).toBeVisible();

  await menu('Delete');
  await expect(list.getByRole('link', { name: 'Harvest' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(list.getByRole('link', { name: 'Harvest' })).toBeVisible();
  await page.reload();
  await expect(list.getByRole('link', { name: 'Harvest' })).toBeVisible();

  const deleted = page.waitForResponse((response) => response.request().method() === 'DELETE' && response.ok());
  await menu('Delete');
  await deleted;
  await page.reload();
  await expect(list.getByText('No conversation yet.')).toBeVisible();
  expect(faults).toEqual([]);
});

test('what is written during an answer waits for its turn, or is taken back', async ({ page, steward }) => {
  // Longer than anything that is done meanwhile, on the slowest machine.
  steward.model.answer = Array.from({ length: 2_000 }, (_, i) => `word${i}`).join(' ');
  steward.model.pace = 60;
  await enter(page, 'Jette');
  await ask(page, 'First?');
  await expect(page.locator('.answer')).toContainText('word3');
  await ask(page, 'Second?');
  await ask(page, 'Third?');
  await expect(page.getByText('Waits for its turn')).toHaveCount(2);
  await page.locator('.turn', { hasText: 'Third?' }).getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByText('Waits for its turn')).toHaveCount(1);
  steward.model.answer = 'Done.';
  steward.model.pace = 0;
  await expect(page.locator('.turn', { hasText: 'Second?' }).locator('.markdown')).toHaveText('Done.');
  await expect(page.getByText('Waits for its turn')).toHaveCount(0);
});

test('who reads further up and asks sees the question and its answer', async ({ page, steward }) => {
  steward.model.answer = 'A line.\n\n'.repeat(60);
  await enter(page, 'Ilse');
  await ask(page, 'A long answer, please');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  await page.locator('.scroll').evaluate((frame) => frame.scrollTo({ top: 0 }));
  await expect(page.getByRole('button', { name: 'To the newest' })).toBeVisible();
  steward.model.answer = 'Short.';
  await ask(page, 'And a short one');
  await expect(page.locator('.question-text').last()).toBeInViewport();
  await expect(page.locator('.answer .markdown').last()).toHaveText('Short.');
  await expect(page.locator('.answer .markdown').last()).toBeInViewport();
});

test('who answers can be chosen, and every answer says who it was', async ({ page, steward }) => {
  steward.model.answer = 'Here.';
  await enter(page, 'Knut');
  for (const agent of ['gamma', 'beta']) {
    await page.getByLabel('Who answers').selectOption(agent);
    await ask(page, `Are you ${agent}?`);
    const turn = page.locator('.turn', { hasText: `Are you ${agent}?` });
    await expect(turn.getByRole('button', { name: 'Answer again' })).toBeVisible();
    await expect(turn.locator('.answer').getByRole('heading', { name: agent })).toBeVisible();
  }
});

test('colours follow the system until somebody chooses', async ({ page }) => {
  await enter(page, 'Linus');
  const dark = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.slice(0, 3).every((part) => Number(part) < 80));
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await dark()).toBe(false);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await dark()).toBe(true);
  await page.goto('/settings');
  await page.getByLabel('Colours').selectOption('light');
  await expect.poll(dark).toBe(false);
  await page.reload();
  await expect(page.getByLabel('Colours')).toHaveValue('light');
  expect(await dark()).toBe(false);
});

test('another device is seen, and signed out from here', async ({ browser, page, steward }) => {
  await enter(page, 'Malte');
  const other = await browser.newContext({ baseURL: steward.url });
  const elsewhere = await other.newPage();
  await signIn(elsewhere, 'Malte');
  await page.goto('/settings');
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await sessions.getByRole('button', { name: 'Sign out' }).click();
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await elsewhere.reload();
  await expect(elsewhere.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await other.close();
});

test('a breaker that is open can be closed by hand', async ({ page, steward }) => {
  steward.model.refusal = 503;
  await signIn(page, 'Admin');
  await ask(page, 'Are you well?');
  await page.goto('/status');
  const close = page.getByRole('button', { name: 'Close it now' });
  await expect(close.first()).toBeVisible({ timeout: 120_000 });
  steward.model.refusal = undefined;
  for (let open = await close.count(); open > 0; open--) {
    await close.first().click();
    await expect(close).toHaveCount(open - 1);
  }
});

test('a page that fails says so, and the rest of the window goes on', async ({ page }) => {
  await enter(page, 'Nele');
  await page.route('**/api/v1/tasks?*', (route) => route.fulfill({ json: { items: [null], next_cursor: null } }));
  await page.getByRole('link', { name: 'Tasks', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('This page met an error of its own.');
  if (process.env['PICTURES'] !== undefined) await page.screenshot({ path: `${process.env['PICTURES']}/broken.png` });
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Agents' })).toBeVisible();
});

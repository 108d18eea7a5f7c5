import type { Page } from '@playwright/test';
import { ask, enter, expect, PASSWORD, test, watch } from './steward';

const TURNS = 2_500;
const ID = '0190a0e4-0000-7000-8000-00000000c0de';
const START = Date.UTC(2026, 0, 1);

function id(n: number): string {
  return `0190a0e4-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

function turn(n: number) {
  const created = new Date(START + n * 60_000).toISOString();
  return {
    id: id(n), conversation_id: ID, agent: 'alpha', model: 'test/mock', status: 'completed', message: `Question ${n}?`, input_flags: [],
    answer: `Answer ${n} is **bold** and goes on for a while.\n\n- one\n- two\n\n\`\`\`js\nlet n = ${n};\n\`\`\``,
    citations: [], usage: { prompt_tokens: 1, completion_tokens: 1 }, finish_reason: 'stop', problem: null, task_id: id(n), trace_id: 'x', regenerates: null,
    replaced_by: null, parent: n === 1 ? null : id(n - 1), answers: [id(n)], wordings: [id(n)], last_event_id: 4, created, updated: created, completed_at: created,
  };
}

/** A conversation of 5,000 messages, as the API would give it. */
async function longConversation(page: Page) {
  await page.route(`**/api/v1/conversations/${ID}`, (route) =>
    route.fulfill({ json: { id: ID, title: 'A long one', agent: null, pinned: false, archived: false, created: turn(1).created, updated: turn(TURNS).updated, hit: null } }),
  );
  await page.route(`**/api/v1/conversations/${ID}/turns?*`, (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? TURNS);
    const items = Array.from({ length: Math.min(30, from) }, (_, i) => turn(from - i));
    return route.fulfill({ json: { items, next_cursor: from > 30 ? String(from - 30) : null } });
  });
}

test('a conversation of 5,000 messages opens at its end, and stays light however far one reads', async ({ page }) => {
  test.setTimeout(240_000);
  const faults = await watch(page);
  await enter(page, 'Yara');
  await longConversation(page);
  const begun = Date.now();
  await page.goto(`/c/${ID}`);
  await expect(page.getByText(`Question ${TURNS}?`)).toBeInViewport();
  console.log(`figure: opened after ${Date.now() - begun} ms`);
  expect(await page.locator('.turn').count()).toBeLessThanOrEqual(30);
  const nodes = () => page.evaluate(() => document.querySelectorAll('#content *').length);
  const atFirst = await nodes();

  // Up through a hundred pages' worth of wheel turns: what is far away is not drawn any more.
  const messages = page.getByRole('region', { name: 'Messages' });
  const reached = () => messages.evaluate((frame) => Number(/Question (\d+)/.exec(frame.textContent)?.[1] ?? 0));
  await messages.hover();
  for (let i = 0; (await reached()) > TURNS - 600; i++) {
    if (i > 400) throw new Error('older messages did not come');
    await page.mouse.wheel(0, -4_000);
    await page.waitForTimeout(30);
  }
  expect(await page.locator('.chunk').count()).toBeGreaterThan(15);
  await expect.poll(nodes).toBeLessThan(atFirst * 6);
  // What is in sight is drawn, and one comes back to the end.
  await expect.poll(() => messages.evaluate((frame) => document.elementFromPoint(frame.getBoundingClientRect().x + frame.clientWidth / 2, 200)?.closest('.turn') !== null)).toBe(true);
  await page.getByRole('button', { name: 'To the newest' }).click();
  await expect(page.getByText(`Question ${TURNS}?`)).toBeInViewport();
  expect(faults).toEqual([]);
});

test('200 kB of code whose fence is never closed come in while one goes on writing', async ({ page, steward }) => {
  test.setTimeout(180_000);
  const faults = await watch(page);
  const line = 'const value = compute(alpha, beta, gamma); // ';
  steward.model.answer = `Here it is:\n\n\`\`\`js\n${Array.from({ length: 3_600 }, (_, i) => `${line}${i}`).join('\n')}\n\`\`\`nested\nend-of-it`;
  steward.model.pace = 0;
  steward.model.pieces = /(?<=\n)/;
  await enter(page, 'Zoltan');
  await ask(page, 'Write me a program.');
  await expect(page.locator('.answer .code')).toBeVisible();
  const box = page.getByRole('textbox', { name: 'Message' });
  // Typing is answered while the text grows: each key shows before the next is pressed.
  for (const word of ['still', ' writing', ' while', ' it', ' comes']) {
    await box.pressSequentially(word);
    expect(await box.inputValue()).toContain(word.trim());
  }
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible({ timeout: 120_000 });
  await expect(box).toHaveValue('still writing while it comes');
  await expect(page.locator('.answer .code')).toContainText('end-of-it');
  // In pieces, so that only the last of them is laid out anew.
  expect(await page.locator('.answer .code-piece').count()).toBeGreaterThan(15);
  expect(await page.evaluate(() => document.querySelectorAll('.answer *').length)).toBeLessThan(200);
  expect(faults).toEqual([]);
});

test('a session that ends in the middle of a word loses neither the word nor what was sent', async ({ page, context, steward }) => {
  steward.model.answer = 'Welcome back.';
  steward.model.pace = 5;
  await enter(page, 'Wanda');
  await ask(page, 'First');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.pressSequentially('Half a sent');
  await context.clearCookies({ name: /access|refresh/ });
  await page.getByRole('button', { name: 'This helped' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  await expect(box).toHaveValue('Half a sent');
  await box.press('End');
  await box.pressSequentially('ence');
  await page.keyboard.press('Enter');
  await expect(page.locator('.question-text')).toHaveText(['First', 'Half a sentence']);
  await expect(page.locator('.answer .markdown')).toHaveText(['Welcome back.', 'Welcome back.']);
});

test('the page says what the server does before the first word', async ({ page, steward }) => {
  test.setTimeout(120_000);
  steward.model.answer = 'At last.';
  steward.model.delay = 14_000;
  await enter(page, 'Xenia');
  await ask(page, 'Are you slow?');
  await expect(page.locator('.thinking [role=status]')).toHaveText(/model/i, { timeout: 14_000 });
  steward.model.delay = 0;
  await expect(page.locator('.answer .markdown')).toHaveText('At last.', { timeout: 120_000 });
});

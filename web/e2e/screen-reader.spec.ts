import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { ask, enter, expect, test } from './steward';

/** The walk-through that people read; `WRITE_WALK=1` writes it anew from what the pages say. */
const GUIDE = join(import.meta.dirname, '../../docs/using/screen-reader.md');
const INTRO = `# With a screen reader

What a screen reader finds on the main way through Steward, step by step: signing in, asking, hearing the answer, the palette,
the settings. The trees below are what browsers hand to assistive technology. They are written by a test
(\`web/e2e/screen-reader.spec.ts\`), which fails when a page says something else; \`WRITE_WALK=1\` writes them anew.

Worth knowing before:

- The first Tab on every page is *Skip to the content*. Ctrl+K opens *Search and commands*, from where everything can be
  reached; ? lists the keyboard shortcuts, which can be changed and switched off.
- The focus stays where messages are written. An answer is announced by itself, sentence by sentence, never word by word.
- Your messages and answers have headings: jump from one to the next by your reader's key for headings.
`;

/** Keeps what the live region says, in order. */
async function listen(page: Page) {
  await page.evaluate(() => {
    const said: string[] = [];
    (window as unknown as { said: string[] }).said = said;
    new MutationObserver(() => {
      const words = document.querySelector('[role=log]')?.textContent ?? '';
      if (words !== '' && said.at(-1) !== words) said.push(words);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

async function heard(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { said: string[] }).said);
}

test('an answer that is whole before its page is there is announced, once', async ({ page, steward }) => {
  await enter(page, 'Traute');
  await listen(page);
  steward.model.answer = 'Ready at once. That is all.';
  steward.model.pace = 0;
  await page.route('**/api/v1/conversations/*/turns*', async (route) => {
    if (route.request().method() === 'GET') await new Promise((done) => setTimeout(done, 3_000));
    await route.continue();
  });
  await ask(page, 'Are you ready?');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  await expect.poll(() => heard(page)).not.toEqual([]);
  await expect(page.locator('article.turn [role=log]')).toBeEmpty();
  expect(await heard(page)).toEqual(['Ready at once. That is all.']);
});

test('the walk-through for screen readers says what the pages say', async ({ page, steward }) => {
  const steps: string[] = [];
  function step(title: string, text: string, tree: string) {
    const stable = tree.replace(/\/c\/[0-9a-f-]+/g, '/c/…').replace(/\/url: \S*blob\S*/g, '');
    steps.push(`## ${title}\n${text}\n\n\`\`\`yaml\n${stable}\n\`\`\`\n`);
  }
  await page.goto('/');
  await expect(page.getByLabel('Password')).toBeVisible();
  step('Signing in', 'One form. What is wrong with a field is told with the field.', await page.locator('#content').ariaSnapshot());

  await enter(page, 'Ulla');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  // Seven agents, and whoever fits.
  await expect(page.locator('.composer-agent option')).toHaveCount(8);
  step('Asking', 'The focus is where messages are written. Enter sends, Shift+Enter begins a new line.', await page.locator('form.composer').ariaSnapshot());

  await listen(page);
  steward.model.answer = 'The sky is **blue**. Short waves are scattered most. That is why.';
  steward.model.pace = 80;
  await ask(page, 'Why is the sky blue?');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const said = await heard(page);
  expect(said.join(' ').replace(/\s+/g, ' ').trim()).toContain('The sky is blue. Short waves are scattered most.');
  expect(said.length, said.join('|')).toBeLessThanOrEqual(4);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await expect(page.locator('article.turn [role=log]')).toBeEmpty();
  step(
    'Hearing the answer',
    'The answer is announced in whole sentences while it comes. Afterwards it stands under a heading with the name of who\nanswered, followed by what can be done with it.',
    await page.locator('article.turn').ariaSnapshot(),
  );

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('sett');
  await expect(page.getByRole('option')).toHaveCount(1);
  step('The palette', 'Ctrl+K, then a part of a name. Arrows choose, Enter does it, Escape leaves. How many entries there are is told.', await palette.ariaSnapshot());
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  step('Settings', 'Colours and language take effect at once.', await page.locator('section[aria-labelledby=appearance]').ariaSnapshot());
  await page.goto('/');
  await page.keyboard.press('Shift+Escape');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();

  const guide = `${INTRO}\n${steps.join('\n')}`;
  if (process.env['WRITE_WALK'] !== undefined) {
    mkdirSync(dirname(GUIDE), { recursive: true });
    writeFileSync(GUIDE, guide);
  }
  expect(readFileSync(GUIDE, 'utf8')).toBe(guide);
});

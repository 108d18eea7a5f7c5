import AxeBuilder from '@axe-core/playwright';
import { ask, enter, expect, test, watch } from './steward';

test('everything is within reach of the keyboard: the palette finds pages, commands and what was said', async ({ page, steward }) => {
  test.setTimeout(120_000);
  const faults = await watch(page);
  steward.model.answer = 'Wombats dig long tunnels.';
  await enter(page, 'Mia');
  await ask(page, 'Tell me of animals.');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const chat = page.url();
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: 'Search and commands' });
  await expect(box).toBeFocused();
  await expect(page.getByRole('option', { name: 'Answer again' })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).include('.palette').analyze();
    expect(violations.map((v) => v.id)).toEqual([]);
  }
  await box.fill('sett');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();

  await page.keyboard.press('Control+k');
  await box.fill('tunnels womb');
  await expect(page.getByRole('option', { name: /Wombats dig long tunnels/ })).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`^${chat}`));

  await page.keyboard.press('Control+k');
  await box.fill('dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('Control+k');
  await box.fill('zeta');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Who answers' })).toHaveValue('zeta');
  await page.keyboard.press('Control+k');
  await box.fill('qqqq');
  await expect(page.getByText('Nothing found.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  expect(faults).toEqual([]);
});

test('shortcuts are listed, can be changed, and switched off', async ({ page }) => {
  test.setTimeout(120_000);
  await enter(page, 'Nia');
  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include('.dialog').analyze();
  expect(violations.map((v) => v.id)).toEqual([]);
  await dialog.getByRole('button', { name: 'Change the keys of "New conversation"' }).click();
  await page.keyboard.press('Control+k');
  await expect(dialog.getByText('These keys are taken: Search and commands')).toBeVisible();
  await page.keyboard.press('Alt+n');
  await expect(dialog.locator('li', { hasText: 'New conversation' })).toContainText('AltN');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Alt+n');
  await expect(page.getByRole('heading', { name: 'What can I do for you?' })).toBeVisible();

  // Who writes a question mark means a question mark.
  await page.getByRole('textbox', { name: 'Message' }).fill('');
  await page.getByRole('textbox', { name: 'Message' }).press('?');
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('?');
  await expect(dialog).toBeHidden();

  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible();
  await page.keyboard.press('?');
  await dialog.getByRole('checkbox', { name: 'Use keyboard shortcuts' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // The button opens the palette all the same, and from there the way back.
  await page.getByRole('button', { name: 'Search and commands' }).click();
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('shortcuts');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('checkbox')).not.toBeChecked();
});

test('the list finds conversations by what was said in them, and leads there', async ({ page, steward }) => {
  await enter(page, 'Oda');
  steward.model.answer = 'It is **Café Central**, in Vienna.';
  await ask(page, 'Where do chess players meet?');
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible();
  const chat = page.url();
  await page.goto('/');
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('cafe vien');
  const found = page.getByRole('region', { name: 'Found' }).getByRole('link');
  await expect(found).toHaveCount(1);
  await expect(found.locator('mark')).toHaveText(['Café', 'Vien']);
  await found.click();
  await expect(page).toHaveURL(new RegExp(`^${chat}`));
  await expect(page.locator('.answer')).toContainText('Café Central');
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('zebra');
  await expect(page.getByText('Nothing found.')).toBeVisible();
});

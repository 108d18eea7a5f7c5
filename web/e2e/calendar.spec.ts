import AxeBuilder from '@axe-core/playwright';
import { expect, signIn, test, watch } from './steward';

/** Two things to come, and one long over. */
const FILE = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//example//test//EN',
  'BEGIN:VEVENT',
  'UID:bins@example.org',
  'DTSTAMP:20260101T000000Z',
  'DTSTART;TZID=Europe/Berlin:20350103T070000',
  'RRULE:FREQ=WEEKLY',
  'SUMMARY:Put the bins out',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:dentist@example.org',
  'DTSTAMP:20260101T000000Z',
  'DTSTART:20350110T090000Z',
  'SUMMARY:Dentist',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:past@example.org',
  'DTSTAMP:20100101T000000Z',
  'DTSTART:20100110T090000Z',
  'SUMMARY:Long over',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

test('a calendar file becomes reminders after a look at it, and they can be read at a private address that ends', async ({ page, steward }) => {
  const faults = await watch(page);
  await signIn(page, 'Admin');
  await page.goto('/schedules');
  await page.getByRole('button', { name: 'Import a file' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Calendar file (.ics)').setInputFiles({ name: 'mine.ics', mimeType: 'text/calendar', buffer: Buffer.from(FILE) });
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Long over' })).toContainText('over');
  await expect(dialog.getByText('Put the bins out')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations.map((v) => v.id)).toEqual([]);
  if (process.env.PICTURES !== undefined) await page.screenshot({ path: `${process.env.PICTURES}/calendar-import.png` });
  await dialog.getByRole('button', { name: 'Make 2 reminders' }).click();
  await expect(dialog.getByText('2 reminders were made.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('article', { name: 'Dentist' })).toBeVisible();

  await page.getByRole('button', { name: 'Make an address' }).click();
  const address = page.locator('.calendar-address code');
  await expect(address).toBeVisible();
  const url = (await address.textContent()) ?? '';
  expect(url.startsWith(steward.url)).toBe(true);
  const read = await fetch(url);
  expect(read.headers.get('content-type')).toContain('text/calendar');
  expect(await read.text()).toContain('SUMMARY:Put the bins out');
  expect((await new AxeBuilder({ page }).analyze()).violations.map((v) => v.id)).toEqual([]);
  if (process.env.PICTURES !== undefined) await page.screenshot({ path: `${process.env.PICTURES}/calendar.png`, fullPage: true });

  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click();
  await expect(page.getByRole('button', { name: 'Make an address' })).toBeVisible();
  expect((await fetch(url)).status).toBe(404);
  for (const name of ['Put the bins out', 'Dentist']) {
    await page.getByRole('article', { name }).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByRole('article', { name })).toHaveCount(0);
  }
  expect(faults).toEqual([]);
});

import { ask, enter, expect, test } from '../e2e/steward';

/** An hour of streaming at 100 tokens a second has this many; they may come faster. */
const TOKENS = Number(process.env['TOKENS'] ?? 360_000);
const WORDS = 1_500;
const SAMPLE_EVERY = 5;

/** Prose with some bold words, paragraphs and a code block now and then. */
function prose(words: number): string {
  return Array.from({ length: words }, (_, i) => (i % 500 === 499 ? `\n\n\`\`\`js\nlet n = ${i};\n\`\`\`\n\n` : i % 60 === 59 ? `word${i}.\n\n` : i % 25 === 0 ? `**word${i}**` : `word${i}`)).join(' ');
}

test('how long a key takes to show while 100 tokens a second come in', async ({ page, steward }) => {
  steward.model.answer = prose(4_000);
  steward.model.pace = 10;
  await enter(page, 'Typing');
  await ask(page, 'Tell me all');
  await expect(page.locator('.answer .markdown')).toContainText('word100');
  await page.evaluate(() => {
    const state = window as unknown as { keys: number[] };
    state.keys = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') state.keys.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.focus();
  let pressed = 0;
  const begun = Date.now();
  while ((await page.getByRole('button', { name: 'Answer again' }).count()) === 0 && Date.now() - begun < 60_000) {
    await page.keyboard.type('a word ', { delay: 80 });
    pressed += 7;
  }
  const slow = (await page.evaluate(() => (window as unknown as { keys: number[] }).keys)).sort((a, b) => a - b);
  // What takes less than 16 ms is not told.
  const all = [...Array.from({ length: Math.max(0, pressed - slow.length) }, () => 8), ...slow];
  const at = (share: number) => Math.round(all[Math.floor((all.length - 1) * share)] ?? 0);
  console.log(`figure: ${pressed} keys in ${Math.round((Date.now() - begun) / 1000)} s: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
  expect((await box.inputValue()).length).toBe(pressed);
});

test('memory while answers stream', async ({ page, context, steward }) => {
  steward.model.answer = prose(WORDS);
  steward.model.pace = 0;
  await enter(page, 'Memory');
  const cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  const samples: { answers: number; megabytes: number; nodes: number }[] = [];
  const answers = Math.ceil(TOKENS / WORDS);
  const begun = Date.now();
  for (let n = 1; n <= answers; n++) {
    await ask(page, `Question ${n}`);
    await expect(page.locator('.question-text').last()).toHaveText(`Question ${n}`);
    await expect(page.getByRole('button', { name: 'Answer again' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible({ timeout: 120_000 });
    if (n % SAMPLE_EVERY !== 0) continue;
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    const { nodes } = await cdp.send('Memory.getDOMCounters');
    samples.push({ answers: n, megabytes: usedSize / 1e6, nodes });
    console.log(`${n} answers  ${(usedSize / 1e6).toFixed(1)} MB  ${nodes} nodes`);
  }
  const settled = samples.slice(Math.floor(samples.length / 5));
  const mean = (of: (sample: (typeof samples)[number]) => number) => settled.reduce((sum, sample) => sum + of(sample), 0) / settled.length;
  const x = mean((s) => s.answers);
  const y = mean((s) => s.megabytes);
  const slope = settled.reduce((sum, s) => sum + (s.answers - x) * (s.megabytes - y), 0) / settled.reduce((sum, s) => sum + (s.answers - x) ** 2, 0);
  console.log(`figure: ${answers * WORDS} tokens in ${Math.round((Date.now() - begun) / 60_000)} min, heap ${y.toFixed(1)} MB on average, ${(slope * (360_000 / WORDS)).toFixed(2)} MB more for each 360,000 tokens`);
});

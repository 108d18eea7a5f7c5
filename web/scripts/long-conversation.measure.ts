import { existsSync, writeFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';
import { enter, expect, test } from '../e2e/steward';

const TURNS = Number(process.env['TURNS'] ?? 2_500);
const ROUNDS = 3;
/** A folder for processor profiles of each round. */
const PROFILE = process.env['PROFILE'];
/** A file that is waited for before measuring: on a shared machine, when the others rest. */
const AFTER = process.env['AFTER'];

interface Answer {
  id: string;
  turn: { id: string };
  status: string;
}

/** Asks so often that the conversation has twice as many messages. Answers with a paragraph, a list and some code. */
async function converse(page: Page, turns: number): Promise<string> {
  return page.evaluate(async (wanted) => {
    const csrf = () => /steward_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
    // Refused for being too fast: later then.
    const call = async (path: string, body?: object): Promise<Answer> => {
      const response = await fetch(`/api/v1${path}`, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf(), 'Idempotency-Key': crypto.randomUUID() }, body: JSON.stringify(body) });
      if (response.ok) return (await response.json()) as Answer;
      if (response.status === 401 && (await fetch('/api/v1/auth/refresh', { method: 'POST', headers: { 'X-CSRF-Token': csrf() } })).ok) return call(path, body);
      if (response.status !== 429) throw new Error(await response.text());
      await new Promise((done) => setTimeout(done, 100));
      return call(path, body);
    };
    const { id } = await call('/conversations', { title: 'A long one' });
    for (let n = 1; n <= wanted; n++) {
      const turn = await call(`/conversations/${id}/turns`, { message: `Question ${n}?` });
      while ((await call(`/turns/${turn.turn.id}`)).status !== 'completed') await new Promise((done) => setTimeout(done, 15));
    }
    return id;
  }, turns);
}

/** Milliseconds until the question is in sight. */
async function untilSeen(page: Page, begin: () => Promise<unknown>): Promise<number> {
  await begin();
  return (await page.waitForFunction(() => (window as unknown as { seenAfter?: number }).seenAfter, undefined, { polling: 100 })).jsonValue() as Promise<number>;
}

/** Notes when an element with the text was first painted in sight, counted from the page's beginning or from the click. */
function clock(text: string) {
  const state = window as unknown as { seenAfter: number; begunAt: number };
  state.begunAt = 0;
  addEventListener('click', (event) => (state.begunAt = event.timeStamp), { capture: true });
  function look() {
    const found = [...document.querySelectorAll('.question-text')].some((element) => {
      const box = element.getBoundingClientRect();
      return element.textContent === text && box.bottom > 0 && box.top < innerHeight;
    });
    if (found) requestAnimationFrame(() => (state.seenAfter = performance.now() - state.begunAt));
    else requestAnimationFrame(look);
  }
  look();
}

async function busy(cdp: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

test('how fast a conversation of 5,000 messages opens', async ({ page, context, steward }) => {
  steward.model.answer = 'It is **bold** and goes on for a while, as answers do, with `code` and [a link](https://example.org).\n\n- one\n- two\n\n```js\nlet n = 1;\n```';
  steward.model.pace = 0;
  await enter(page, 'Long');
  const began = Date.now();
  const id = await converse(page, TURNS);
  console.log(`${TURNS} turns made in ${Math.round((Date.now() - began) / 1000)} s`);
  const last = `Question ${TURNS}?`;
  for (const [name, from] of [['whole page', `/c/${id}`], ['from the list', '/']] as const) {
    const all: number[] = [];
    while (AFTER !== undefined && !existsSync(AFTER)) await page.waitForTimeout(500);
    for (let round = 0; round <= ROUNDS; round++) {
      const other = await context.newPage();
      await other.addInitScript(clock, last);
      const profiler = await context.newCDPSession(other);
      await profiler.send('Performance.enable');
      await profiler.send('Profiler.enable');
      if (PROFILE !== undefined) await profiler.send('Profiler.start');
      const took = await untilSeen(other, async () => {
        await other.goto(from, { waitUntil: 'commit' });
        if (from !== '/') return;
        await other.waitForTimeout(1_500);
        await other.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first().click();
      });
      const { ScriptDuration, LayoutDuration, RecalcStyleDuration, TaskDuration } = await busy(profiler);
      if (PROFILE !== undefined) writeFileSync(`${PROFILE}/${name.replaceAll(' ', '-')}-${round}.cpuprofile`, JSON.stringify((await profiler.send('Profiler.stop')).profile));
      const entries = await other.evaluate(() => performance.getEntriesByType('resource').map((e) => `${Math.round(e.startTime)}–${Math.round((e as PerformanceResourceTiming).responseEnd)} ${e.name.replace(/^.*?\/\/[^/]+/, '')}`));
      if (round === ROUNDS && process.env['DETAIL'] !== undefined) console.log(entries.join('\n'));
      console.log(`${name}: ${Math.round(took)} ms; script ${ms(ScriptDuration)} layout ${ms(LayoutDuration)} style ${ms(RecalcStyleDuration)} task ${ms(TaskDuration)}`);
      if (round > 0) all.push(took);
      await other.close();
    }
    all.sort((a, b) => a - b);
    console.log(`figure: ${name}: median ${Math.round(all[Math.floor(all.length / 2)] ?? 0)} ms, worst ${Math.round(all.at(-1) ?? 0)} ms`);
  }
  await scroll(page, id, last);
});

/** Reads up through many pages, and tells how long frames took. */
async function scroll(page: Page, id: string, last: string) {
  await page.goto(`/c/${id}`);
  await expect(page.getByText(last, { exact: true })).toBeInViewport();
  await page.evaluate(() => {
    const state = window as unknown as { frames: number[] };
    state.frames = [];
    let before = performance.now();
    const step = (now: number) => {
      state.frames.push(now - before);
      before = now;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  await page.getByRole('region', { name: 'Messages' }).hover();
  for (let i = 0; i < 150; i++) {
    await page.mouse.wheel(0, -400);
    await page.waitForTimeout(20);
  }
  const frames = (await page.evaluate(() => (window as unknown as { frames: number[] }).frames)).sort((a, b) => a - b);
  const at = (share: number) => Math.round(frames[Math.floor((frames.length - 1) * share)] ?? 0);
  console.log(`figure: scrolling: ${frames.length} frames, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
}

function ms(seconds: number | undefined): string {
  return `${Math.round((seconds ?? 0) * 1000)} ms`;
}

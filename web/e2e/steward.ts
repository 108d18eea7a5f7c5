import { test as base, expect, type Page } from '@playwright/test';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MockModel } from './mock-model';

const LAUNCHER = join(import.meta.dirname, '../../steward');
/** What is built is run as it is, with the start-up cache if there is one; it lives too shortly for the optimising compiler. */
const ENVIRONMENT = { ...process.env, STEWARD_BUILD: 'off', STEWARD_HEAP: '512m', STEWARD_JAVA_OPTS: '-XX:TieredStopAtLevel=1', CI: 'true' };
/** A start takes three seconds; on a machine that builds something else, it took a minute. */
const START_MS = 150_000;

export const PASSWORD = 'a quiet evening by the lake';

/** The packaged server as a process of its own, with a new home and a model that does as it is told, or others. */
export class Steward {
  readonly home = mkdtempSync(join(tmpdir(), 'steward-e2e-'));
  readonly model = new MockModel();
  url = '';
  private process: ChildProcess | undefined;

  /** `models` are lines of the configuration in place of the obedient model's. */
  constructor(private readonly models?: string[]) {}

  /** Chooses a port and writes the configuration; a test may add to it before the start. */
  async prepare(): Promise<void> {
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const model = await this.model.start();
    writeFileSync(join(this.home, 'steward.yaml'), [`home: ${this.home}`, `http: {port: ${port}}`, ...(this.models ?? obedient(model))].join('\n'));
  }

  async start(): Promise<void> {
    if (this.url === '') await this.prepare();
    this.process = spawn(LAUNCHER, ['run', '--config', join(this.home, 'steward.yaml')], { stdio: ['ignore', 'ignore', 'inherit'], env: ENVIRONMENT });
    const end = Date.now() + START_MS;
    while (!(await this.ready())) {
      if (Date.now() > end || this.process.exitCode !== null) throw new Error('Steward did not start');
      await wait(100);
    }
  }

  /** The first account is the administrator's. */
  async register(name: string): Promise<void> {
    const body = JSON.stringify({ email: emailOf(name), password: PASSWORD, display_name: name });
    const response = await fetch(`${this.url}/api/v1/auth/register`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    if (!response.ok) throw new Error(await response.text());
  }

  private async ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok;
    } catch {
      return false;
    }
  }

  /** As a power cut: nothing is told, nothing is put away. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    this.model.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals) {
    const running = this.process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((done) => running.once('exit', done));
    running.kill(signal);
    await gone;
  }
}

function obedient(url: string): string[] {
  return [
    'backends:',
    `  - {name: test, kind: openai, url: "${url}", api_key: none, privacy: local, cost: free}`,
    'models: {chain: [test/mock], embedded: {install: never}}',
  ];
}

/** Below those that the system gives to any connection by itself, so that nobody takes it before Steward listens, or between two starts. */
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((known) => server.once('error', () => known(false)).listen(port, '127.0.0.1', () => known(true)));
    await new Promise((closed) => server.close(closed));
    if (free) return port;
  }
  throw new Error('no port');
}

/** One server for all files of tests, until one fails; every page of every test fails it by a content-policy violation or an error of its own. */
export const test = base.extend<object, { steward: Steward }>({
  steward: [
    async ({}, use) => {
      const steward = new Steward();
      await steward.start();
      await steward.register('Admin');
      await use(steward);
      await steward.stop();
    },
    { scope: 'worker', timeout: START_MS * 2 },
  ],
  baseURL: async ({ steward }, use) => use(steward.url),
});

/** Collects what a page must never do. */
export async function watch(page: Page): Promise<string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(`policy: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return faults;
}

function emailOf(name: string): string {
  return `${name.toLowerCase()}@example.org`;
}

export async function signIn(page: Page, name: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(emailOf(name));
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'What can I do for you?' })).toBeVisible();
}

/** Makes an account and lands in a new conversation. */
export async function enter(page: Page, name: string): Promise<void> {
  await register(page, name);
  await expect(page.getByRole('heading', { name: 'What can I do for you?' })).toBeVisible();
}

const taken = new Set<string>();

/** Makes an account, by the page. Tests share a server, so each takes names of its own. */
export async function register(page: Page, name: string): Promise<void> {
  if (taken.has(name)) throw new Error(`another test is ${name}`);
  taken.add(name);
  await page.goto('/');
  await expect(page.getByRole('button', { name: /Create the account|^Sign in$/ })).toBeVisible();
  if (!(await page.getByLabel('Name').isVisible())) await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(emailOf(name));
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the account' }).click();
}

export async function ask(page: Page, message: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(message);
  await page.keyboard.press('Enter');
}

export { expect };

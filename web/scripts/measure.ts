/**
 * Measures what the tests don't: they would fail on a busy machine. After a build, on a quiet one:
 *
 *     npx playwright test --config scripts/measure.ts long-conversation
 *     npx playwright test --config scripts/measure.ts streaming
 */
import base from '../playwright.config';

export default { ...base, testDir: '.', testMatch: '*.measure.ts', timeout: 90 * 60_000, use: { ...base.use, trace: 'off' as const } };

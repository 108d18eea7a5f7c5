// Measures Graphile Worker with a local queue and batched completion, as its page on performance advises.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { BATCH, measure, seen } from "./protocol.mjs";

const connectionString = process.env.DATABASE_URL;
const logger = new Logger(() => (level, message) => {
  if (level === "error") console.error(message);
});
const pool = new pg.Pool({ connectionString, max: 12 });
const utils = await makeWorkerUtils({ pgPool: pool, logger });
await utils.migrate();
const runner = await run({
  pgPool: pool,
  logger,
  noHandleSignals: true,
  concurrency: 200,
  preset: {
    worker: {
      concurrentJobs: 200,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
  taskList: {
    noop: () => {
      seen.startedAt = performance.now();
      seen.ran++;
    },
  },
});
const many = Array.from({ length: BATCH }, () => ({ identifier: "noop", payload: {} }));
await measure({
  addMany: () => utils.addJobs(many),
  addOne: () => utils.addJob("noop", {}),
  over: async () => (await pool.query("select 1 from graphile_worker._private_jobs limit 1")).rowCount === 0,
});
await runner.stop();
await utils.release();
await pool.end();
process.exit(0);

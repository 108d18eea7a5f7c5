// Measures BullMQ: bulk adding, one worker with many at once, finished jobs removed, as its guide advises.
import { Queue, Worker } from "bullmq";
import { BATCH, measure, seen } from "./protocol.mjs";

const connection = { host: "127.0.0.1", port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };
const defaultJobOptions = { removeOnComplete: true, removeOnFail: true };
const queue = new Queue("noop", { connection, defaultJobOptions });
const worker = new Worker(
  "noop",
  async () => {
    seen.startedAt = performance.now();
    seen.ran++;
  },
  { connection, concurrency: 100 },
);
worker.on("error", (error) => console.error(error.message));
await worker.waitUntilReady();
const many = Array.from({ length: BATCH }, () => ({ name: "noop", data: {} }));
await measure({
  addMany: () => queue.addBulk(many),
  addOne: () => queue.add("noop", {}),
  over: async () => {
    const counts = await queue.getJobCounts("active", "waiting");
    return counts.active === 0 && counts.waiting === 0;
  },
});
await worker.close(true);
await queue.close();
process.exit(0);

// What both peers do alike; speaks the protocol of ../run.
export const BATCH = 1000;
const number = (name) => Number(process.env[name]);
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Counts what ran, and when the last one began. */
export const seen = { ran: 0, done: 0, startedAt: 0 };

/**
 * @param addMany accepts BATCH tasks
 * @param addOne  accepts one
 * @param over    whether nothing is left in the store
 */
export async function measure({ addMany, addOne, over }) {
  const tasks = number("TASKS");
  for (let round = 0; round < number("ROUNDS"); round++) {
    console.log("begin end_to_end");
    const start = performance.now();
    const before = seen.ran;
    for (let sent = 0; sent < tasks; sent += BATCH) {
      await addMany();
    }
    while (seen.ran - before < tasks || !(await over())) {
      await sleep(2);
    }
    const seconds = (performance.now() - start) / 1000;
    console.log("end end_to_end " + JSON.stringify({ tasks, seconds }));
  }
  await sleep(1000);
  const took = [];
  console.log("begin pick_up");
  for (let i = 0; i < number("PICK_UPS"); i++) {
    const before = seen.ran;
    const call = performance.now();
    await addOne();
    while (seen.ran === before) {
      await new Promise(setImmediate);
    }
    took.push(seen.startedAt - call);
    await sleep(5);
  }
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(took.length * share)];
  console.log("end pick_up " + JSON.stringify({ tasks: took.length, p50_ms: at(0.5), p99_ms: at(0.99) }));
}

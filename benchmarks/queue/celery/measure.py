"""Measures Celery on Redis: prefork workers, no results, acknowledged when done. Speaks the protocol of ../run."""
import json, os, subprocess, sys, time

import redis
from celery import Celery

PORT = int(os.environ["REDIS_PORT"])
app = Celery("measure", broker=f"redis://127.0.0.1:{PORT}/0")
app.conf.update(
    task_ignore_result=True, task_acks_late=True, worker_prefetch_multiplier=64, worker_send_task_events=False,
    broker_connection_retry_on_startup=True, broker_transport_options={"visibility_timeout": 3600})
store = redis.Redis(port=PORT)


@app.task(name="noop")
def noop():
    pass


@app.task(name="tell")
def tell():
    now = time.monotonic_ns()
    store.rpush("told", now)


def over():
    return store.llen("celery") == 0 and store.hlen("unacked") == 0


def main():
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "measure", "worker", "--pool", "prefork", "-c", "2", "-l", "ERROR",
         "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=os.path.dirname(os.path.abspath(__file__)), stdout=sys.stderr, stderr=sys.stderr)
    try:
        tell.delay()
        store.blpop("told", timeout=60)
        tasks = int(os.environ["TASKS"])
        for _ in range(int(os.environ["ROUNDS"])):
            print("begin end_to_end", flush=True)
            start = time.monotonic()
            with app.producer_pool.acquire(block=True) as producer:
                for _ in range(tasks):
                    noop.apply_async(producer=producer)
            while not over():
                time.sleep(0.005)
            print("end end_to_end " + json.dumps({"tasks": tasks, "seconds": time.monotonic() - start}), flush=True)
        time.sleep(1)
        took = []
        print("begin pick_up", flush=True)
        for _ in range(int(os.environ["PICK_UPS"])):
            call = time.monotonic_ns()
            tell.delay()
            took.append((int(store.blpop("told")[1]) - call) / 1e6)
            time.sleep(0.005)
        took.sort()
        print("end pick_up " + json.dumps({
            "tasks": len(took), "p50_ms": took[len(took) // 2], "p99_ms": took[len(took) * 99 // 100]}), flush=True)
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    main()

// Measures River: no-op jobs end to end, and how soon an idle worker starts one. Speaks the protocol of ../run.
// Settings as River's own benchmark command uses them: a short fetch cooldown, many workers, batched completion.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sort"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

const batch = 1000

type noop struct{}

func (noop) Kind() string { return "noop" }

type worker struct {
	river.WorkerDefaults[noop]
}

var ran atomic.Int64
var startedAt atomic.Int64

func (worker) Work(context.Context, *river.Job[noop]) error {
	startedAt.Store(time.Now().UnixNano())
	ran.Add(1)
	return nil
}

func number(name string) int {
	value, err := strconv.Atoi(os.Getenv(name))
	must(err)
	return value
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	ctx := context.Background()
	settings, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	must(err)
	settings.MaxConns = 20
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	must(err)
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	must(err)
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	must(err)
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{})
	client, err := river.NewClient[pgx.Tx](riverpgxv5.New(pool), &river.Config{
		FetchCooldown:     2 * time.Millisecond,
		FetchPollInterval: 20 * time.Millisecond,
		Logger:            slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2000}},
		Workers:           workers,
	})
	must(err)
	must(client.Start(ctx))
	tasks := number("TASKS")
	for round := 0; round < number("ROUNDS"); round++ {
		fmt.Println("begin end_to_end")
		start := time.Now()
		before := ran.Load()
		for sent := 0; sent < tasks; sent += batch {
			jobs := make([]river.InsertManyParams, batch)
			for i := range jobs {
				jobs[i] = river.InsertManyParams{Args: noop{}}
			}
			_, err := client.InsertManyFast(ctx, jobs)
			must(err)
		}
		for ran.Load()-before < int64(tasks) {
			time.Sleep(time.Millisecond)
		}
		for {
			var left int
			must(pool.QueryRow(ctx, "select count(*) from (select 1 from river_job where state in ('available', 'running') limit 1) x").Scan(&left))
			if left == 0 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		fmt.Printf("end end_to_end {\"tasks\": %d, \"seconds\": %.4f}\n", tasks, time.Since(start).Seconds())
	}
	time.Sleep(time.Second)
	took := make([]float64, number("PICK_UPS"))
	fmt.Println("begin pick_up")
	for i := range took {
		before := ran.Load()
		call := time.Now().UnixNano()
		_, err := client.Insert(ctx, noop{}, nil)
		must(err)
		for ran.Load() == before {
			time.Sleep(50 * time.Microsecond)
		}
		took[i] = float64(startedAt.Load()-call) / 1e6
		time.Sleep(5 * time.Millisecond)
	}
	sort.Float64s(took)
	fmt.Printf("end pick_up {\"tasks\": %d, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
		len(took), took[len(took)/2], took[len(took)*99/100])
	must(client.Stop(ctx))
}

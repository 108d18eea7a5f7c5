module queue/river

go 1.25.0

require (
	github.com/jackc/pgx/v5 v5.7.6
	github.com/riverqueue/river v0.51.0
	github.com/riverqueue/river/riverdriver/riverpgxv5 v0.51.0
)

package stoa_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/stoadb/stoa"
)

// A program records a job, lets it run, and asks for what it knows.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "stoa")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	clock := time.Date(2025, 10, 21, 14, 30, 0, 0, time.UTC)
	db, err := stoa.Open(ctx, dir, &stoa.Options{Now: func() time.Time { clock = clock.Add(time.Second); return clock }})
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	id, err := db.Jobs().Create(ctx, stoa.NewJob{Type: "flush", Parameters: []any{"chat", "messages", "jamal"}})
	if err != nil {
		log.Fatal(err)
	}
	if err := db.Jobs().Start(ctx, id, "node-1:flush-actor-3:thread-42"); err != nil {
		log.Fatal(err)
	}
	memory := int64(52428800)
	if err := db.Jobs().Complete(ctx, id, stoa.Outcome{Result: "Flushed 10,000 records", MemoryUsed: &memory}); err != nil {
		log.Fatal(err)
	}

	rows, err := db.Query(ctx, `
		SELECT parameters->>1 AS table_name, status, memory_used / 1024 / 1024 AS memory_mb
		FROM system.jobs WHERE job_id = $1`, id)
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Release()
	for rows.Next() {
		rec := rows.RecordBatch()
		for i := range int(rec.NumRows()) {
			fmt.Println(rec.Column(0).(*array.String).Value(i), rec.Column(1).(*array.String).Value(i), rec.Column(2).(*array.Int64).Value(i), "MB")
		}
	}
	if err := rows.Err(); err != nil {
		log.Fatal(err)
	}
	// Output: messages completed 50 MB
}

// The driver "stoa" opens a directory for database/sql.
func Example_databaseSQL() {
	dir, err := os.MkdirTemp("", "stoa")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("stoa", dir)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	_, err = db.Exec(`INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query, options)
		VALUES (gen_random_uuid(), $1, 'chat', 'messages', 'SELECT * FROM chat.messages', '{"last_rows": 100, "buffer_size": 5000}')`, "jamal")
	if err != nil {
		log.Fatal(err)
	}
	var user string
	var buffer int
	err = db.QueryRow(`SELECT user_id, (options->>'buffer_size')::int FROM system.live_queries WHERE (options->>'buffer_size')::int > $1`, 2000).Scan(&user, &buffer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user, buffer)
	// Output: jamal 5000
}

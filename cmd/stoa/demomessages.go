package main

import (
	"context"
	"fmt"

	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/schemahistory"
)

// The life of a user table, chat.messages, whose schema is the contract's example: made and filled before the flush, altered after it, so that a file and
// hot rows of several versions are read under the last one.
var (
	messagesMade = []string{
		`CREATE TABLE chat.messages (id BIGINT NOT NULL, user_id TEXT NOT NULL, content TEXT NOT NULL, created_at TIMESTAMP NOT NULL DEFAULT now(), PRIMARY KEY (id))`,
		`INSERT INTO chat.messages (id, user_id, content, created_at) VALUES
			(1, 'jamal', 'Has the flush of yesterday come through?', now() - INTERVAL '2 days'), (2, 'noor', 'It has: three files.', now() - INTERVAL '1 day')`,
		`ALTER TABLE chat.messages ADD COLUMN edited_at TIMESTAMP`,
	}
	messagesAltered = []string{
		`ALTER TABLE chat.messages ADD COLUMN metadata JSONB`,
		`INSERT INTO chat.messages (id, user_id, content, metadata) VALUES (3, 'jamal', 'Good. Then I shall look at them with DuckDB.', '{"device": "phone"}')`,
		`ALTER TABLE chat.messages ADD COLUMN reply_to BIGINT`,
		`UPDATE chat.messages SET reply_to = 1, edited_at = now() WHERE id = 2`,
	}
)

var messagesTable = schemahistory.Name{Namespace: "chat", Table: "messages"}

// others loads what is not jobs: chat.messages by SQL, as its users would, the rest as the generator has it.
func (d *demo) others(ctx context.Context, h *history.History) (string, error) {
	if err := d.statements(ctx, messagesMade); err != nil {
		return "", err
	}
	live, err := loadLive(ctx, d.db, h)
	if err != nil {
		return "", err
	}
	more, err := loadCatalogue(ctx, d.db, h)
	return live + more, err
}

// evolve alters chat.messages.
func (d *demo) evolve(ctx context.Context) (string, error) {
	if err := d.statements(ctx, messagesAltered); err != nil {
		return "", err
	}
	snap := d.db.Store().Snapshot()
	defer snap.Close()
	return fmt.Sprintf("%s, now at version %d of its schema", messagesTable, snap.History(messagesTable).Last()), nil
}

func (d *demo) statements(ctx context.Context, list []string) error {
	for _, text := range list {
		if _, err := d.db.Exec(ctx, text); err != nil {
			return cancelled(ctx, err)
		}
	}
	return nil
}

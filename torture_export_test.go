package stoa

import (
	"context"

	"github.com/stoadb/stoa/store"
)

// OpenStore is Open with options of the store that users do not have: sizes so small that everything that happens now and then happens all the time.
func OpenStore(ctx context.Context, dir string, o *Options, so *store.Options) (*DB, error) {
	return open(ctx, dir, o, so)
}

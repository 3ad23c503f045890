package stoa_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/stoadb/stoa"
)

func (l *tortured) copyIn(ctx context.Context, statement, text string) error {
	session := l.db.Session()
	session.In = strings.NewReader(text)
	_, err := ask(ctx, session, statement)
	return err
}

// flushTable flushes one table, if it is there.
func (l *tortured) flushTable(ctx context.Context, table string) error {
	if l.state.tables[table] == nil {
		return nil
	}
	_, err := ask(ctx, l.db.Session(), "CALL system.flush('"+table+"', all_rows => true)")
	return err
}

// reopen closes the database and opens it again.
func (l *tortured) reopen(ctx context.Context) error {
	if err := l.db.Close(); err != nil {
		return err
	}
	if err := l.open(ctx); err != nil {
		return err
	}
	if err := matches(ctx, l.db, l.state); err != nil {
		return err
	}
	l.past = []*modelState{l.state}
	return l.idle(ctx)
}

// reader opens the database for reading beside its writer.
func (l *tortured) reader(ctx context.Context) error {
	db, err := l.openAt(ctx, l.dir, true)
	if err != nil {
		return fmt.Errorf("open for reading: %w", err)
	}
	err = matches(ctx, db, l.state)
	return errors.Join(err, db.Close())
}

// backup makes a backup, and now and then a database of it, in which the life goes on.
func (l *tortured) backup(ctx context.Context, o op) error {
	l.copies++
	dest := fmt.Sprintf("/copies/%d", l.copies)
	l.begins(dest)
	if _, err := l.db.Backup(ctx, dest, &stoa.BackupOptions{Link: o.b%2 == 0}); err != nil {
		return err
	}
	copied, err := l.openAt(ctx, dest, true)
	if err != nil {
		return err
	}
	if err := errors.Join(matches(ctx, copied, l.state), copied.Close()); err != nil {
		return fmt.Errorf("the backup: %w", err)
	}
	if o.a%3 == 0 {
		if err := l.restore(ctx, dest, o.crash == 0); err != nil {
			return err
		}
	}
	l.sweep.forget(dest)
	l.discard(dest)
	return nil
}

// discard removes a copy or a database for good, behind the database's back: every power cut to come would carry it along.
func (l *tortured) discard(name string) {
	if l.made == nil { // else they are looked at in the end
		l.mem.Discard(name)
	}
}

// tidy discards copies that a power cut has left behind.
func (l *tortured) tidy() error {
	for _, dir := range []string{"/copies", "/restored"} {
		entries, err := l.mem.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			if name := dir + "/" + e.Name(); name != l.dir {
				l.discard(name)
			}
		}
	}
	return nil
}

// begins says that a copy is being made.
func (l *tortured) begins(name string) {
	l.sweep.remember(name)
	if l.made != nil {
		l.made[name] = l.state
	}
}

// restore makes a database of a backup, which takes the place of the old one if it is to move.
func (l *tortured) restore(ctx context.Context, from string, move bool) error {
	to := fmt.Sprintf("/restored/%d", l.copies)
	l.begins(to)
	if _, err := stoa.Restore(ctx, from, to, &stoa.RestoreOptions{FS: l.fs()}); err != nil {
		return err
	}
	restored, err := l.openAt(ctx, to, false)
	if err != nil {
		return err
	}
	if err := matches(ctx, restored, l.state); err != nil {
		return fmt.Errorf("the restored database: %w", errors.Join(err, restored.Close()))
	}
	if l.sweep.forget(to); !move {
		err := restored.Close()
		l.discard(to)
		return err
	}
	err, left := l.db.Close(), l.dir
	l.mu.Lock()
	l.db, l.dir = restored, to
	l.mu.Unlock()
	l.discard(left)
	return err
}

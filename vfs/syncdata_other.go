//go:build !linux

package vfs

import "os"

// Elsewhere fdatasync is missing, or weaker than what os.File.Sync does (macOS: F_FULLFSYNC).
func syncData(f *os.File) error { return f.Sync() }

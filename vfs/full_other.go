//go:build !windows

package vfs

func fullErrors() []error { return nil }

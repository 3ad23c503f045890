//go:build dragonfly || freebsd || netbsd || openbsd

package vfs

func renameNoReplace(oldName, newName string) error { return linkNoReplace(oldName, newName) }

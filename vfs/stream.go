package vfs

// OpenStream is FS.Open for what a user names, which may be a pipe or a device too, in file systems that have such. Opening a pipe waits for its writer.
func OpenStream(fsys FS, name string) (File, error) {
	if s, ok := fsys.(interface {
		OpenStream(name string) (File, error)
	}); ok {
		return s.OpenStream(name)
	}
	return fsys.Open(name)
}

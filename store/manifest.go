package store

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/vfs"
)

// formatVersion is the version of the directory as a whole. It grows when an older program would misread something; the log, the checkpoints and
// the records have versions of their own.
//
// Version 2 has the versions of schemas, and definitions of which columns were dropped, or added with a value for the rows there were. A database of
// version 1 becomes one of version 2 when it is opened for writing (see upgrade.go).
const formatVersion = 2

// manifest is the file MANIFEST: six lines of text, the last of which is the CRC-32C of those before it in hexadecimal.
//
//	stoa database
//	format 2
//	checkpoint 12
//	log 3405
//	sum 5e6f7081
//	crc 0a1b2c3d
//
// checkpoint is the number of the checkpoint that holds, log the sequence of the first record of the log that is not in it, and sum what tells the
// checkpoint from others (see there); format 1 has no sum. A program reads the first two lines of any version.
type manifest struct {
	format     uint64 // as it was read
	checkpoint uint64
	log        uint64
	sum        *uint32 // nil when it is not known
}

const (
	manifestTitle = "stoa database\n"
	maxManifest   = 4096
)

func (m manifest) encode() []byte {
	b := fmt.Appendf(nil, "%sformat %d\ncheckpoint %d\nlog %d\n", manifestTitle, formatVersion, m.checkpoint, m.log)
	if m.sum != nil {
		b = fmt.Appendf(b, "sum %08x\n", *m.sum)
	}
	return fmt.Appendf(b, "crc %08x\n", crc32.Checksum(b, castagnoli()))
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// decodeManifest reads a manifest, and refuses a newer version before it looks at anything else.
func decodeManifest(b []byte) (m manifest, err error) {
	rest, ok := strings.CutPrefix(string(b), manifestTitle)
	if !ok {
		return m, fmt.Errorf("%w: it does not begin as a manifest", ErrCorrupt)
	}
	version, _ := manifestLine(rest, "format ", 10)
	if version > formatVersion && !misreadVersion(rest) {
		return m, fmt.Errorf("%w %d: this program knows versions up to %d", ErrVersion, version, formatVersion)
	}
	end := strings.LastIndex(string(b), "crc ")
	lines := strings.Split(rest, "\n")
	last := len(lines) - 1
	if end < 0 || last < 4 || last > 5 || lines[last] != "" || version == 0 {
		return m, fmt.Errorf("%w: a manifest has six lines", ErrCorrupt)
	}
	sum, okSum := manifestLine(lines[last-1]+"\n", "crc ", 16)
	if !okSum || sum != uint64(crc32.Checksum(b[:end], castagnoli())) {
		return m, fmt.Errorf("%w: the manifest's checksum is wrong", ErrCorrupt)
	}
	m.format = version
	var okCheckpoint, okLog bool
	m.checkpoint, okCheckpoint = manifestLine(lines[1]+"\n", "checkpoint ", 10)
	m.log, okLog = manifestLine(lines[2]+"\n", "log ", 10)
	okSum = last == 4
	if last == 5 {
		sum, okSum = manifestLine(lines[3]+"\n", "sum ", 16)
		m.sum = new(uint32(sum))
	}
	if !okCheckpoint || !okLog || !okSum || m.log == 0 {
		return m, fmt.Errorf("%w: the manifest is not understood", ErrCorrupt)
	}
	return m, nil
}

// misreadVersion tells whether a manifest, without its title, says a version that it was not written with: with one of ours its checksum is right.
func misreadVersion(rest string) bool {
	_, behind, _ := strings.Cut(rest, "\n")
	for version := 1; version <= formatVersion; version++ {
		if soundManifest(fmt.Appendf(nil, "%sformat %d\n%s", manifestTitle, version, behind)) {
			return true
		}
	}
	return false
}

// soundManifest tells whether the last line of a manifest is the checksum of those before it.
func soundManifest(b []byte) bool {
	at := strings.LastIndex(string(b), "crc ")
	if at < 0 {
		return false
	}
	sum, ok := manifestLine(string(b[at:]), "crc ", 16)
	return ok && sum == uint64(crc32.Checksum(b[:at], castagnoli()))
}

// manifestLine reads the number behind a label at the beginning of a text.
func manifestLine(text, label string, base int) (uint64, bool) {
	line, _, ended := strings.Cut(text, "\n")
	digits, ok := strings.CutPrefix(line, label)
	n, err := strconv.ParseUint(digits, base, 64)
	return n, ok && ended && err == nil
}

// readManifest reads a directory's manifest; fs.ErrNotExist when there is none.
func readManifest(fsys vfs.FS, dir string) (manifest, error) {
	path := filepath.Join(dir, manifestName)
	b, err := vfs.ReadFile(fsys, path, maxManifest)
	if errors.Is(err, vfs.ErrTooLarge) {
		return manifest{}, fmt.Errorf("%s: %w: it is longer than any manifest", path, ErrCorrupt)
	}
	if err != nil {
		return manifest{}, err
	}
	m, err := decodeManifest(b)
	if err != nil {
		return m, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func writeManifest(fsys vfs.FS, dir string, m manifest) error {
	return vfs.AtomicWrite(fsys, filepath.Join(dir, manifestName), func(w io.Writer) error {
		_, err := w.Write(m.encode())
		return err
	})
}

// Exists tells whether a directory holds a database, of any version.
func Exists(fsys vfs.FS, dir string) (bool, error) {
	if fsys == nil {
		fsys = vfs.OS()
	}
	if dir == "" {
		dir = "."
	}
	_, err := fsys.Stat(dir + string(filepath.Separator) + manifestName) // not cleaned: behind a link, .. leads elsewhere
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// parseCheckpointName reads the number in a checkpoint's file name.
func parseCheckpointName(name string) (uint64, bool) {
	digits, ok := strings.CutPrefix(name, "checkpoint-")
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, ok && err == nil && checkpointName(n) == name
}

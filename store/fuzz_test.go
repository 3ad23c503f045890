package store

import (
	"context"
	"hash/crc32"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// FuzzManifest reads any bytes as a manifest. One that is understood says so again when it is written.
func FuzzManifest(f *testing.F) {
	good := manifest{format: formatVersion, checkpoint: 12, log: 3405}.encode()
	f.Add(good)
	f.Add(good[:len(good)-2])
	f.Add([]byte(manifestTitle + "format 99\n"))
	f.Add([]byte(manifestTitle + "format 1\ncheckpoint 18446744073709551616\nlog -1\ncrc 00000000\n"))
	f.Add([]byte(strings.Replace(string(good), "12", "13", 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeManifest(data)
		if err != nil {
			return
		}
		again, err := decodeManifest(m.encode())
		require.NoError(t, err)
		require.Equal(t, m.checkpoint, again.checkpoint)
		require.Equal(t, m.log, again.log)
	})
}

// storedFiles gives the files of a small database that was closed, by their paths, and the path of its checkpoint.
func storedFiles(t testing.TB) (files map[string][]byte, checkpoint string) {
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	var jobs []*tables.Job
	for n := range 20 {
		jobs = append(jobs, testJob(n))
	}
	require.NoError(t, db.Update(context.Background(), func(tx *Tx) error {
		def, ok := tx.Table(schemahistory.Jobs)
		require.True(t, ok)
		b, err := tables.BatchOf(def, jobs)
		require.NoError(t, err)
		return tx.Insert(def.Name, b)
	}))
	require.NoError(t, db.Checkpoint(context.Background()))
	require.NoError(t, db.Close())
	files = map[string][]byte{}
	var walk func(dir string)
	walk = func(dir string) {
		entries, err := fsys.ReadDir(dir)
		require.NoError(t, err)
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			if e.IsDir() {
				walk(path)
				continue
			}
			data, err := vfs.ReadFile(fsys, path, 1<<24)
			require.NoError(t, err)
			files[path] = data
			if _, ok := parseCheckpointName(e.Name()); ok {
				checkpoint = path
			}
		}
	}
	walk("/db")
	require.NotEmpty(t, checkpoint)
	return files, checkpoint
}

// putFiles makes a file system of files.
func putFiles(t testing.TB, files map[string][]byte) *vfs.Mem {
	fsys := vfs.NewMem()
	for path, data := range files {
		require.NoError(t, fsys.MkdirAll(filepath.Dir(path)))
		require.NoError(t, vfs.AtomicWrite(fsys, path, func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		}))
	}
	return fsys
}

// block gives a block of a checkpoint, with the checksum that it needs to be looked at.
func block(payload []byte) []byte {
	b := make([]byte, blockHeader, blockHeader+len(payload))
	le.PutUint32(b[4:], uint32(len(payload)))
	b = append(b, payload...)
	le.PutUint32(b, crc32.Checksum(b[4:], castagnoli()))
	return b
}

// FuzzCheckpoint opens a database whose checkpoint has any records, with true checksums. Opening gives an answer or an error; a database that opens can be
// read and closed.
func FuzzCheckpoint(f *testing.F) {
	files, checkpoint := storedFiles(f)
	good := files[checkpoint]
	for off := checkpointHeader; off < len(good); {
		n := int(le.Uint32(good[off+4:]))
		f.Add(good[off+blockHeader:off+blockHeader+n], uint16(0))
		f.Add(good[off+blockHeader:off+blockHeader+n], uint16(n/2))
		off += blockHeader + n
	}
	f.Add([]byte{recordVersion, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, uint16(0))
	f.Add([]byte{recordVersion, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, byte(opDefine), 0xff, 0xff, 0xff, 0xff}, uint16(0))
	f.Fuzz(func(t *testing.T, payload []byte, split uint16) {
		data := []byte(good[:checkpointHeader:checkpointHeader])
		if at := int(split); at > 0 && at < len(payload) {
			data = append(data, block(payload[:at])...)
			payload = payload[at:]
		}
		files[checkpoint] = append(data, block(payload)...)
		fsys := putFiles(t, files)
		opts := testOptions(fsys)
		opts.ReadOnly = true
		db, err := Open(context.Background(), "/db", opts)
		if err != nil {
			require.NotContains(t, err.Error(), "runtime error")
			return
		}
		snap := db.Snapshot()
		_, ok := snap.Table(schemahistory.Jobs)
		_ = ok // it may have been dropped
		snap.Close()
		require.NoError(t, db.Close())
	})
}

// FuzzRecordParts: each decoder of a record's parts reads any bytes, and what it takes is written as it was read.
func FuzzRecordParts(f *testing.F) {
	for _, def := range schemahistory.Contract() {
		f.Add(appendDefinition(nil, def), uint8(0))
	}
	f.Add(appendFile(nil, &FileRef{}), uint8(1))
	f.Add(appendFile(nil, &FileRef{User: "ann", HasSort: true, SortID: 9, UserID: 2, CreatedAt: 5}), uint8(1))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, part uint8) {
		d := &wire{src: data}
		switch part % 4 {
		case 0:
			def, err := readDefinition(d)
			if err != nil || d.err != nil {
				return
			}
			again, err := readDefinition(&wire{src: appendDefinition(nil, def)})
			require.NoError(t, err)
			require.Equal(t, appendDefinition(nil, def), appendDefinition(nil, again))
		case 1:
			ref := readFile(d)
			if d.err == nil {
				require.Equal(t, ref, readFile(&wire{src: appendFile(nil, ref)}))
			}
		case 2:
			readVersion(d)
		default:
			runs, rows := readRuns(d)
			total := uint64(0)
			for _, r := range runs {
				total += uint64(r.Rows)
			}
			require.Equal(t, rows, total)
		}
	})
}

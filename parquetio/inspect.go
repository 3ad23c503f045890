package parquetio

import (
	"slices"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/parquet/compress"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/vfs"
)

// Report describes a file, as data: rendering is somebody else's.
type Report struct {
	Path        string             `json:"path"`
	Bytes       int64              `json:"bytes"`
	FooterBytes int64              `json:"footer_bytes"` // the footer, its length and the magic
	Rows        int64              `json:"rows"`
	CreatedBy   string             `json:"created_by"`
	Groups      []GroupReport      `json:"row_groups"`
	Columns     []ColumnReport     `json:"columns"`
	Profile     Profile            `json:"profile,omitempty"` // of a file of ours
	Aggregates  int                `json:"aggregates"`        // row groups whose aggregates are in the footer
	Metadata    map[string]string  `json:"metadata"`
	Stored      []StoredColumn     `json:"stored_columns,omitempty"` // of a file of ours: what its CREATE TABLE says
	Constraints *StoredConstraints `json:"stored_constraints,omitempty"`
	Checksums   bool               `json:"checksums"` // the file has a checksum for each column chunk
}

// GroupReport describes a row group.
type GroupReport struct {
	Rows       int64    `json:"rows"`
	Compressed int64    `json:"compressed_bytes"`
	Raw        int64    `json:"uncompressed_bytes"`
	SortedBy   []string `json:"sorted_by,omitempty"`
}

// ColumnReport describes a column over all row groups. Sizes are of pages with their headers.
type ColumnReport struct {
	Name        string           `json:"name"`
	Type        string           `json:"type"`   // in SQL: "timestamp without time zone"; "" when it cannot be read
	Stored      string           `json:"stored"` // in Parquet: "INT64 Timestamp(…)"
	SQLType     arrowschema.Type `json:"-"`      // Type as a value
	Nullable    bool             `json:"nullable"`
	FieldID     int32            `json:"field_id"`
	Encodings   []string         `json:"encodings"` // of the data pages
	Compression []string         `json:"compression"`
	Compressed  int64            `json:"compressed_bytes"`
	Raw         int64            `json:"uncompressed_bytes"`
	DataPages   int64            `json:"data_pages"`
	DictPages   int64            `json:"dictionary_pages"`
	DictEntries int64            `json:"dictionary_entries"` // of all dictionaries
	BloomBytes  int64            `json:"bloom_filter_bytes"`
	PageIndex   bool             `json:"page_index"` // every chunk has a column index and an offset index
	Nulls       int64            `json:"nulls"`      // -1 when unknown
	Min         *string          `json:"min"`        // bounds, as text; nil when unknown
	Max         *string          `json:"max"`
}

// Inspect reads a file's footer and its page headers, and no values.
func Inspect(fs vfs.FS, path string) (_ *Report, err error) {
	f, err := Open(fs, path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	defer recovered(&err, path)
	r := &Report{
		Path: path, Bytes: f.size, FooterBytes: f.footer, Rows: f.Rows(), CreatedBy: f.CreatedBy(), Metadata: f.entries, Checksums: f.chunkSums != nil,
		Profile: f.Profile(),
	}
	for rg := range f.RowGroups() {
		r.Groups = append(r.Groups, f.groupReport(rg))
		if f.Aggregates(rg) != nil {
			r.Aggregates++
		}
	}
	for col := range f.columns {
		c, err := f.columnReport(col)
		if err != nil {
			return nil, err
		}
		r.Columns = append(r.Columns, *c)
	}
	if f.own && !readEntry(f.entries[KeyColumns], &r.Stored) {
		r.Stored = nil
	}
	if text := f.entries[KeyConstraints]; f.own && text != "" {
		r.Constraints = &StoredConstraints{}
		if !readEntry(text, r.Constraints) {
			r.Constraints = nil
		}
	}
	return r, nil
}

func (f *File) groupReport(rg int) GroupReport {
	g := &f.meta.groups[rg]
	r := GroupReport{Rows: g.rows}
	for i := range g.chunks {
		r.Compressed += g.chunks[i].compressed
		r.Raw += g.chunks[i].raw
	}
	for _, s := range g.sorting {
		name := "column " + strconv.Itoa(int(s.index))
		if i := int(s.index); i >= 0 && i < len(f.meta.leaves) {
			name = f.meta.leaf(i).path
		}
		if s.descending {
			name += " DESC"
		}
		r.SortedBy = append(r.SortedBy, name)
	}
	return r
}

// columnReport sums a column up over the row groups.
func (f *File) columnReport(col int) (*ColumnReport, error) {
	l, c := &f.leaves[col], &f.columns[col]
	r := &ColumnReport{Name: c.Name, Nullable: c.Nullable, FieldID: c.FieldID, PageIndex: f.RowGroups() > 0}
	if l.kind != kindRefused {
		r.Type, r.SQLType = c.Type.String(), c.Type
	}
	r.Stored = f.storedType(l)
	for rg := range f.meta.groups {
		for i := l.first; i < l.first+l.n; i++ {
			if err := f.chunkReport(r, rg, i); err != nil {
				return nil, f.wrap(err, rg, col)
			}
		}
	}
	slices.Sort(r.Encodings)
	slices.Sort(r.Compression)
	f.boundsReport(r, col)
	return r, nil
}

// storedType describes a field as the file has it.
func (f *File) storedType(l *leaf) string {
	if l.index < 0 {
		return "nested, " + strconv.Itoa(l.n) + " columns"
	}
	return f.meta.leaf(l.index).String()
}

// chunkReport adds a column chunk, whose page headers it walks.
func (f *File) chunkReport(r *ColumnReport, rg, index int) error {
	c := f.chunkMeta(rg, index)
	r.Compressed += c.compressed
	r.Raw += c.raw
	r.PageIndex = r.PageIndex && c.columnIndex.hasPlace && c.offsetIndex.hasPlace
	r.BloomBytes += int64(c.bloomLength)
	r.Compression = addName(r.Compression, compress.Compression(c.codec).String())
	from, size := f.chunkRange(rg, index)
	p := pageReader{f: f, src: byteSource{r: f.file, next: from, end: from + size, readSize: 4 << 10}}
	for !p.src.empty() {
		var h pageHeader
		if err := p.header(&h); err != nil {
			return err
		}
		if err := p.src.skip(int(h.compressed)); err != nil {
			return err
		}
		switch h.kind {
		case pageDictionary:
			r.DictPages++
			r.DictEntries += int64(h.values)
		case pageData, pageDataV2:
			r.DataPages++
			r.Encodings = addName(r.Encodings, h.enc.String())
		}
	}
	return nil
}

// manyNames is more encodings or codecs than there are: a hostile file names one per page.
const manyNames = 32

func addName(names []string, name string) []string {
	if len(names) == manyNames || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// boundsReport merges the statistics of the row groups.
func (f *File) boundsReport(r *ColumnReport, col int) {
	var lo, hi *vec.Vec
	known := true
	for rg := range f.RowGroups() {
		s := f.RowGroupStats(rg, col)
		if s.Nulls < 0 || r.Nulls < 0 {
			r.Nulls = -1
		} else {
			r.Nulls += s.Nulls
		}
		if s.Nulls == s.Rows {
			continue // only NULLs: no bounds, and none are missing
		}
		known = known && s.Min != nil && s.Max != nil
		if !known {
			continue
		}
		if lo == nil || vec.Compare(s.Min, 0, lo, 0) < 0 {
			lo = s.Min
		}
		if hi == nil || vec.Compare(s.Max, 0, hi, 0) > 0 {
			hi = s.Max
		}
	}
	if known && lo != nil {
		a, b := string(vec.AppendText(nil, lo, 0, time.UTC)), string(vec.AppendText(nil, hi, 0, time.UTC))
		r.Min, r.Max = &a, &b
	}
}

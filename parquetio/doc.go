// Package parquetio is Stoa's Parquet: it writes files that other engines open, and reads them, and files from elsewhere, into vectors.
//
// A Writer takes batches in table order, cuts them into row groups, chooses an encoding per column chunk and reports an [Info] with the
// checksums that belong into a manifest. A File is opened through a vfs.FS, says what it holds without reading a page (columns, row groups,
// statistics, page indexes, bloom filters, aggregates, key-value metadata), and reads one column chunk at a time: whole ([File.ReadColumn]), in pieces
// ([File.Chunk]), or the rows that are asked for ([File.ReadRows]); a [ColumnReader] does so into memory that it uses again. [Inspect] describes a file.
//
// Promises: what a Writer wrote reads back equal, in type and value. Statistics are bounds that never exclude a value that is there. Bytes
// whose checksum is known are checked before they reach a decoder. A damaged or hostile file yields an error, never a panic and never memory
// beyond the limit of [ReadOptions]. A File may be used by any number of goroutines; the vectors it returns own their memory.
//
// # Division of labour
//
// arrow-go writes footers and page indexes, and has the rare codecs. Footers are read, and pages encoded and decoded, here, from the bytes: arrow-go takes
// three to four times as long for a footer (docs/design/003-libraries.md) and believes what it says, its column readers give 30 to 50 million values a second
// where these kernels give several hundred, its writers hash every value of a dictionary column that we hold as codes already, and its decoders panic on
// hostile pages.
//
// # Files we write
//
//	"PAR1"
//	row group 0: column chunk 0 (dictionary page?, data pages of at most 16,384 rows), column chunk 1, …, bloom filter of the primary key
//	row group 1: …
//	column indexes, offset indexes
//	footer (Thrift compact), its length (4 bytes, little-endian), "PAR1"
//
// SQL types are stored thus: uuid as FIXED_LEN_BYTE_ARRAY(16) UUID; json and jsonb as JSON; text and varchar as STRING; smallint, integer and
// bigint as INT32 (INT 16), INT32 (INT 32) and INT64 (INT 64); real, double precision and boolean as FLOAT, DOUBLE and BOOLEAN; date as DATE;
// time, timestamp and timestamptz as INT64 in microseconds, the last adjusted to UTC. numeric and interval are stored as STRING, in PostgreSQL's
// text: a value of numeric carries its own scale and may be NaN, which no Parquet DECIMAL can say, and Parquet's INTERVAL has neither
// microseconds nor signs. Infinite dates and timestamps are stored as DuckDB stores them. The Arrow schema in the footer marks both as opaque PostgreSQL types, and key stoa.columns names the SQL types.
//
// That is the standard profile; [Profile] has the others. Encodings and compression are chosen for each column chunk by what they come to:
// docs/design/005-parquet-layout.md has the measurements. Every page has a CRC-32, every chunk, bloom filter and page index a CRC-32C in the footer.
//
// # Files that others wrote
//
// Integers of all widths and signs, dates, times and timestamps of all units (to microseconds, rounded down), INT96, decimals in all four forms,
// FLOAT16, INTERVAL, UUID, STRING, ENUM and JSON map to the SQL type that holds them: unsigned integers to the next wider one, 64 bits to numeric;
// JSON to json, whose text is not canonical, so it is no jsonb before a cast. Bytes without annotation are text if they are UTF-8, else an error
// 22021. All encodings but the long deprecated BIT_PACKED are read, and all codecs but LZO and Hadoop's LZ4.
//
// It is not the place for tables, snapshots, deletes or path templates; and nested columns are refused when they are read.
package parquetio

import "errors"

// ErrNotParquet says that a file is not a Parquet file: too short, or without its magic bytes.
var ErrNotParquet = errors.New("not a Parquet file")

// ErrCorrupt says that bytes do not have the checksum, the size or the form that they should have.
var ErrCorrupt = errors.New("damaged Parquet file")

const (
	// RowGroupRows is the number of rows in a row group that a Writer makes: vec.MaxDict, so that a column always fits a dictionary; few enough that 10
	// million rows give 153 row groups, of which ORDER BY created_at DESC LIMIT 10 touches one, 0.7 %, and that cores have morsels to share. Half of it
	// makes files of jobs 2 % larger, twice as much 4 %. It is a multiple of 64, so that validity bitmaps of parts need no shifting.
	RowGroupRows = 65536
	// pageRows is the number of rows in a data page, the same in all columns of a row group: a quarter of a row group is what the page index can skip,
	// and the decoded page (128 KiB of integers) stays in the second-level cache. Half of it makes files of jobs 0.3 % larger.
	pageRows = 16384
	// pageBytes ends a data page of long strings before it has pageRows rows; 1 MiB is the page size that most writers use.
	pageBytes = 1 << 20
	// rowGroupBytes ends a row group of long strings early, so that a chunk stays far below the 2 GiB that Arrow's 32-bit offsets address.
	rowGroupBytes = 128 << 20
	// maxValueBytes is the longest string a Writer takes: PostgreSQL's own limit for a value.
	maxValueBytes = 1<<30 - 1
)

package parquetio

import (
	"fmt"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/text"
)

// Profile names a way of storing types, because readers differ in what they understand. Files of all profiles read as the same values.
type Profile string

const (
	// ProfileStandard stores every type as the specification has it; the package comment has the table.
	ProfileStandard Profile = "standard"
	// ProfileSpark stores uuid and time as STRING, in PostgreSQL's text. Spark refuses files with the UUID annotation (4.0 and 4.3 do: "Illegal Parquet type")
	// or a time (up to 4.0); all other types of the standard profile it reads, from 3.3 on, where its fast reader learnt the delta encodings.
	ProfileSpark Profile = "spark"
	// ProfileClickHouse stores json and jsonb as STRING. ClickHouse makes objects of columns with the JSON annotation, and refuses to read those in which a
	// value is an array or a scalar.
	ProfileClickHouse Profile = "clickhouse"
)

// Profiles gives the profiles there are, the standard one first.
func Profiles() []Profile { return []Profile{ProfileStandard, ProfileSpark, ProfileClickHouse} }

// Check refuses a profile that there is not. "" stands for the standard profile.
func (p Profile) Check() error {
	if p == "" || slices.Contains(Profiles(), p) {
		return nil
	}
	return fmt.Errorf("unknown Parquet profile \"%s\": there are %q", string(p), Profiles())
}

// Profile gives the profile of a file of ours, "" for one of others.
func (f *File) Profile() Profile {
	switch p := Profile(f.entries[KeyProfile]); {
	case !f.own:
		return ""
	case slices.Contains(Profiles(), p):
		return p
	default: // those of version 0.1.0 do not name it
		return ProfileStandard
	}
}

// ReadAs asks that a column be read as t, where its stored form can hold t although the file does not say that it does: 16 bytes without annotation as
// uuid, which is how some writers store it. It tells whether the column has that type now. It is called before anything of the column is read.
func (f *File) ReadAs(col int, t arrowschema.Type) bool {
	l := &f.leaves[col]
	if t == arrowschema.UUID && l.physical == physFixed && l.width == 16 && l.bare {
		l.typ, l.kind, l.coded = t, kindDirect, false
		f.columns[col].Type = t
	}
	return f.columns[col].Type == t
}

// uuidOf reads a UUID as files of ours have it in text.
func uuidOf(s string) ([16]byte, error) {
	if len(s) != 36 {
		return text.ParseUUID(s)
	}
	var u [16]byte
	bad := byte(0)
	at := 0
	for i := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			bad |= s[at] ^ '-'
			at++
		}
		hi, lo := hexDigit(s[at]), hexDigit(s[at+1])
		bad |= (hi | lo) & 0xf0
		u[i] = hi<<4 | lo
		at += 2
	}
	if bad != 0 {
		return text.ParseUUID(s)
	}
	return u, nil
}

// hexDigit gives the value of a digit of a canonical UUID, 255 for what is none.
func hexDigit(c byte) byte {
	switch {
	case c-'0' <= 9:
		return c - '0'
	case c-'a' <= 5:
		return c - 'a' + 10
	}
	return 0xff
}

func timeOfText(s string) (int64, error) { return temporal.ParseTime(s) }

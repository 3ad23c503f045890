package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
)

// printArrowJSON prints the schema of a file as Arrow-JSON, and on standard error what of the file is not in it.
func printArrowJSON(s *streams, r *parquetio.Report) error {
	text, notices, err := arrowJSON(r)
	if err != nil {
		return err
	}
	for _, n := range notices {
		fmt.Fprintf(s.err, "NOTICE:  %s\n", n)
	}
	_, err = fmt.Fprintln(s.out, text)
	return err
}

// arrowJSON gives the schema of a file as Arrow-JSON: of a file of ours the table's, which it has as such; of another the Arrow schema that its writer has put
// there; or what the columns that can be read come to.
func arrowJSON(r *parquetio.Report) (text string, notices []string, err error) {
	if text := r.Metadata[parquetio.KeySchemaJSON]; r.Profile != "" {
		if _, err := arrowjson.ParseSchema(text); err == nil {
			return text, nil, nil
		}
	} else if text := r.Metadata[parquetio.KeyArrowSchema]; text != "" {
		schema, err := storedArrow(r, text)
		if err == nil {
			return schema.JSON(), nil, nil
		}
		why := err.Error()
		if e := (*sqlstate.Error)(nil); errors.As(err, &e) {
			why = e.Message
		}
		notices = append(notices, "the Arrow schema in the file is not used: "+clip(why))
	}
	def, skipped := r.Definition()
	for _, name := range skipped {
		notices = append(notices, fmt.Sprintf("column %q is left out: it is nested or of a type that cannot be read", clip(name)))
	}
	v, err := schemahistory.Record(def, [16]byte{}, 1, 0, "")
	return v.Schema, notices, err
}

// storedArrow reads the Arrow schema that the writer of a file has put there, if it is one of the file's columns: a tool that rewrites files may have kept that of
// another.
func storedArrow(r *parquetio.Report, text string) (*arrowjson.Schema, error) {
	message, err := base64.StdEncoding.WithPadding(base64.NoPadding).DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, err
	}
	s, err := arrowjson.ParseIPC(message)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(s.Fields, r.Columns, func(f arrowjson.Field, c parquetio.ColumnReport) bool { return f.Name == c.Name }) {
		return nil, sqlstate.New(sqlstate.BadCopyFileFormat, "its fields are not the columns of the file")
	}
	return s, nil
}

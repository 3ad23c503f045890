package store

import (
	"encoding/binary"
	"fmt"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// definitionVersion is the version in which definitions are written. Version 1 had no Column.Missing and no LastColumn, version 2 no ordinals, version 3 no
// Profile.
const definitionVersion = 4

// appendDefinition appends a definition: strings and lists with their lengths before them, numbers as varints (those that may be -1 as zigzag varints),
// types by PostgreSQL's internal names, in the order of the struct's fields, but for what later versions added: a column's Missing and Ordinal are at its
// end, LastColumn, LastOrdinal and Profile at that of the definition.
func appendDefinition(dst []byte, d *schemahistory.TableDefinition) []byte {
	dst = append(dst, definitionVersion)
	dst = binary.AppendUvarint(dst, uint64(d.ID))
	dst = appendText(appendText(dst, d.Name.Namespace), d.Name.Table)
	dst = binary.AppendVarint(dst, d.Version)
	dst = binary.AppendUvarint(dst, uint64(len(d.Columns)))
	for i := range d.Columns {
		dst = appendColumn(dst, &d.Columns[i])
	}
	dst = binary.AppendUvarint(dst, uint64(len(d.Keys)))
	for _, k := range d.Keys {
		dst = appendBool(appendText(dst, k.Name), k.Primary)
		dst = binary.AppendUvarint(dst, uint64(len(k.Columns)))
		for _, c := range k.Columns {
			dst = binary.AppendUvarint(dst, uint64(c))
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(d.Checks)))
	for _, c := range d.Checks {
		dst = binary.AppendUvarint(appendText(dst, c.Name), uint64(c.Column))
		dst = appendTexts(dst, c.Values)
	}
	dst = binary.AppendUvarint(dst, uint64(len(d.Indexes)))
	for _, x := range d.Indexes {
		dst = binary.AppendUvarint(appendText(dst, x.Name), uint64(len(x.Columns)))
		for _, c := range x.Columns {
			dst = appendBool(appendText(dst, c.Name), c.Descending)
		}
	}
	dst = appendText(dst, d.Storage)
	for _, n := range []int64{int64(d.SortColumn), int64(d.UserColumn), d.CreatedAt, d.UpdatedAt} {
		dst = binary.AppendVarint(dst, n)
	}
	dst = binary.AppendVarint(appendBool(dst, d.System), int64(d.LastColumn))
	return appendText(binary.AppendVarint(dst, int64(d.LastOrdinal)), d.Profile)
}

func appendColumn(dst []byte, c *schemahistory.Column) []byte {
	dst = binary.AppendVarint(dst, int64(c.ID))
	dst = appendText(appendText(dst, c.Name), c.Type.Name())
	dst = binary.AppendUvarint(dst, uint64(len(c.Modifier)))
	for _, m := range c.Modifier {
		dst = binary.AppendVarint(dst, int64(m))
	}
	dst = appendBool(appendText(appendBool(dst, c.NotNull), c.Default), c.Dictionary)
	if dst = appendBool(dst, c.Missing != nil); c.Missing != nil {
		dst = appendText(dst, *c.Missing)
	}
	return binary.AppendVarint(dst, int64(c.Ordinal))
}

func appendTexts(dst []byte, texts []string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(texts)))
	for _, s := range texts {
		dst = appendText(dst, s)
	}
	return dst
}

func readTexts(d *wire) []string {
	out := make([]string, d.count(1))
	for i := range out {
		out[i] = d.text()
	}
	return out
}

// readDefinition reads a definition and checks that what it refers to is there.
func readDefinition(d *wire) (*schemahistory.TableDefinition, error) {
	version := d.byte()
	if version == 0 || version > definitionVersion {
		return nil, badRecord("a definition of version %d", version)
	}
	def := &schemahistory.TableDefinition{ID: uint32(d.uvarint())}
	def.Name = schemahistory.Name{Namespace: d.text(), Table: d.text()}
	def.Version = d.varint()
	def.Columns = make([]schemahistory.Column, d.count(6))
	for i := range def.Columns {
		readColumn(d, &def.Columns[i], version)
	}
	readConstraints(d, def)
	def.Storage = d.text()
	def.SortColumn, def.UserColumn = int(d.varint()), int(d.varint())
	def.CreatedAt, def.UpdatedAt = d.varint(), d.varint()
	def.System = d.bool()
	if version >= 2 {
		def.LastColumn = int32(d.varint())
	}
	if version >= 3 {
		def.LastOrdinal = int32(d.varint())
	}
	if version >= 4 {
		def.Profile = d.text()
	}
	if d.err != nil {
		return nil, d.err
	}
	def.LastColumn = lastColumn(def)
	return def, checkDefinition(def)
}

func readColumn(d *wire, c *schemahistory.Column, version byte) {
	c.ID = int32(d.varint())
	c.Name = d.text()
	name := d.text()
	t, ok := arrowschema.ByName(name)
	if !ok {
		d.fail("unknown type %.40q", name)
	}
	c.Type = t
	if n := d.count(1); n > 0 {
		c.Modifier = make([]int32, n)
		for i := range c.Modifier {
			c.Modifier[i] = int32(d.varint())
		}
	}
	c.NotNull, c.Default, c.Dictionary = d.bool(), d.text(), d.bool()
	if version >= 2 && d.bool() {
		text := d.text()
		c.Missing = &text
	}
	if version >= 3 {
		c.Ordinal = int32(d.varint())
	}
}

func readConstraints(d *wire, def *schemahistory.TableDefinition) {
	def.Keys = make([]schemahistory.Key, d.count(3))
	for i := range def.Keys {
		k := schemahistory.Key{Name: d.text(), Primary: d.bool()}
		k.Columns = make([]int, d.count(1))
		for j := range k.Columns {
			k.Columns[j] = int(d.uvarint())
		}
		def.Keys[i] = k
	}
	for range d.count(3) {
		def.Checks = append(def.Checks, schemahistory.Check{Name: d.text(), Column: int(d.uvarint()), Values: readTexts(d)})
	}
	for range d.count(2) {
		x := schemahistory.Index{Name: d.text()}
		for range d.count(2) {
			x.Columns = append(x.Columns, schemahistory.IndexColumn{Name: d.text(), Descending: d.bool()})
		}
		def.Indexes = append(def.Indexes, x)
	}
}

// checkDefinition tells whether a definition can be worked with: what it says of columns is said of columns that it has.
func checkDefinition(def *schemahistory.TableDefinition) error {
	n := len(def.Columns)
	if def.ID == 0 || n == 0 {
		return badRecord("the definition of %s has number %d and %d columns", def.Name, def.ID, n)
	}
	if def.SortColumn < -1 || def.SortColumn >= n || def.UserColumn < -1 || def.UserColumn >= n {
		return badRecord("the definition of %s names columns that it has not", def.Name)
	}
	ids := make(map[int32]bool, n)
	for _, c := range def.Columns {
		if c.ID <= 0 || ids[c.ID] {
			return badRecord("the definition of %s has column number %d twice or below 1", def.Name, c.ID)
		}
		ids[c.ID] = true
		if c.Ordinal < 0 || c.Ordinal > def.LastOrdinal || c.Ordinal == 0 && def.LastOrdinal > 0 {
			return badRecord("the definition of %s has a column at place %d of %d", def.Name, c.Ordinal, def.LastOrdinal)
		}
		if c.Missing != nil {
			if _, err := vec.Constant(c.Type, *c.Missing); err != nil {
				return fmt.Errorf("%w: column %s of %s is missing in rows as %.40q: %w", ErrRecord, c.Name, def.Name, *c.Missing, err)
			}
		}
	}
	for _, k := range def.Keys {
		if len(k.Columns) == 0 {
			return badRecord("key %s of %s has no columns", k.Name, def.Name)
		}
		for _, c := range k.Columns {
			if c < 0 || c >= n {
				return badRecord("key %s of %s names a column that is not there", k.Name, def.Name)
			}
		}
	}
	for _, c := range def.Checks {
		if c.Column < 0 || c.Column >= n || def.Columns[c.Column].Type.Physical() != arrowschema.Strings {
			return badRecord("check %s of %s names a column that is not text", c.Name, def.Name)
		}
	}
	return nil
}

package parquetio

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
)

// Column is a column of a file: a top-level field of its schema.
type Column struct {
	Name     string
	Type     arrowschema.Type // Unknown for a nested field, which cannot be read
	Nullable bool
	FieldID  int32 // -1 when the file gives none
}

// The physical types (parquet.thrift, Type).
const (
	physBoolean   parquet.Type = 0
	physInt32     parquet.Type = 1
	physInt64     parquet.Type = 2
	physInt96     parquet.Type = 3
	physFloat     parquet.Type = 4
	physDouble    parquet.Type = 5
	physByteArray parquet.Type = 6
	physFixed     parquet.Type = 7
)

// form says how a Writer stores an SQL type.
type form struct {
	physical parquet.Type
	logical  logicalType
	length   int  // bytes of a FIXED_LEN_BYTE_ARRAY, else -1
	narrow   bool // integers in 32 bits, floats in 32 bits
	textual  bool // values go through their text
	optional bool
	ordered  bool // the file's order of values is SQL's, so that statistics mean something
}

// formOf gives the form of a type in a profile. The package comment has the table.
func formOf(t arrowschema.Type, profile Profile) (form, error) {
	if profile == ProfileSpark && (t == arrowschema.UUID || t == arrowschema.Time) {
		// The texts of PostgreSQL sort as their values do: of UUIDs by fixed places, of times because a fraction follows what it divides.
		return form{physical: physByteArray, logical: logicalType{kind: logicalString}, length: -1, textual: true, ordered: true}, nil
	}
	if profile == ProfileClickHouse && (t == arrowschema.JSON || t == arrowschema.JSONB) {
		return form{physical: physByteArray, logical: logicalType{kind: logicalString}, length: -1}, nil
	}
	f := form{length: -1, ordered: true}
	switch t {
	case arrowschema.Bool:
		f.physical = physBoolean
	case arrowschema.Int2:
		f.physical, f.narrow, f.logical = physInt32, true, signed(16)
	case arrowschema.Int4:
		f.physical, f.narrow, f.logical = physInt32, true, signed(32)
	case arrowschema.Int8:
		f.physical, f.logical = physInt64, signed(64)
	case arrowschema.Float4:
		f.physical, f.narrow = physFloat, true
	case arrowschema.Float8:
		f.physical = physDouble
	case arrowschema.Varchar, arrowschema.Text:
		f.physical, f.logical = physByteArray, logicalType{kind: logicalString}
	case arrowschema.JSON, arrowschema.JSONB:
		f.physical, f.logical, f.ordered = physByteArray, logicalType{kind: logicalJSON}, false
	case arrowschema.Numeric, arrowschema.Interval:
		f.physical, f.logical, f.ordered, f.textual = physByteArray, logicalType{kind: logicalString}, false, true
	case arrowschema.UUID:
		f.physical, f.logical, f.length = physFixed, logicalType{kind: logicalUUID}, 16
	case arrowschema.Date:
		f.physical, f.narrow, f.logical = physInt32, true, logicalType{kind: logicalDate}
	case arrowschema.Time:
		f.physical, f.logical = physInt64, logicalType{kind: logicalTime, unit: unitMicros}
	case arrowschema.Timestamp:
		f.physical, f.logical = physInt64, logicalType{kind: logicalTimestamp, unit: unitMicros}
	case arrowschema.TimestampTZ:
		f.physical, f.logical = physInt64, logicalType{kind: logicalTimestamp, unit: unitMicros, utc: true}
	default:
		return f, fmt.Errorf("no Parquet form for type %s", t)
	}
	return f, nil
}

func signed(width int8) logicalType {
	return logicalType{kind: logicalInteger, width: width, signed: true}
}

// arrow gives the logical type of a form as arrow-go has it, which writes footers.
func (l logicalType) arrow() schema.LogicalType {
	switch l.kind {
	case logicalString:
		return schema.StringLogicalType{}
	case logicalJSON:
		return schema.JSONLogicalType{}
	case logicalUUID:
		return schema.UUIDLogicalType{}
	case logicalDate:
		return schema.DateLogicalType{}
	case logicalInteger:
		return schema.NewIntLogicalType(l.width, l.signed)
	case logicalTime:
		return schema.NewTimeLogicalType(l.utc, schema.TimeUnitMicros)
	case logicalTimestamp:
		return schema.NewTimestampLogicalType(l.utc, schema.TimeUnitMicros)
	}
	return schema.NoLogicalType{}
}

// parquetSchema gives the schema of a file for a table, and the forms of its columns.
func parquetSchema(def *schemahistory.TableDefinition, profile Profile) (*schema.Schema, []form, error) {
	forms := make([]form, len(def.Columns))
	fields := make(schema.FieldList, len(def.Columns))
	for i, c := range def.Columns {
		f, err := formOf(c.Type, profile)
		if err != nil {
			return nil, nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		repetition := parquet.Repetitions.Optional
		if c.NotNull {
			repetition = parquet.Repetitions.Required
		}
		node, err := schema.NewPrimitiveNodeLogical(c.Name, repetition, f.logical.arrow(), f.physical, f.length, c.ID)
		if err != nil {
			return nil, nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		f.optional = !c.NotNull
		forms[i], fields[i] = f, node
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return nil, nil, err
	}
	return schema.NewSchema(root), forms, nil
}

// storedArrowSchema gives the Arrow schema that Arrow readers apply to a file: the table's, but for what is stored as text that no Arrow type reads.
func storedArrowSchema(def *schemahistory.TableDefinition, profile Profile) *arrow.Schema {
	fields := make([]arrow.Field, len(def.Columns))
	for i, c := range def.Columns {
		t := c.Type.Arrow()
		switch {
		case c.Type == arrowschema.Interval:
			t = extensions.NewOpaqueType(arrow.BinaryTypes.String, "interval", "PostgreSQL")
		case profile == ProfileSpark && (c.Type == arrowschema.UUID || c.Type == arrowschema.Time):
			t = arrow.BinaryTypes.String
		}
		fields[i] = arrow.Field{Name: c.Name, Type: t, Nullable: !c.NotNull}
	}
	return arrow.NewSchema(fields, nil)
}

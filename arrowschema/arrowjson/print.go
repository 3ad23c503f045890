package arrowjson

import (
	"maps"
	"slices"
	"strconv"
)

// String gives the type in the contract's spelling: Rust arrow's Debug form with whole fields, on one line. It is "" for nil.
func (t *Type) String() string {
	if t == nil {
		return ""
	}
	if t.kind.simple() {
		return t.kind.String()
	}
	return string(t.append(nil))
}

// append appends the canonical text of t to b.
func (t *Type) append(b []byte) []byte {
	if t == nil {
		return b
	}
	b = append(b, t.kind.String()...)
	if t.kind.simple() {
		return b
	}
	b = append(b, '(')
	switch t.kind {
	case Timestamp:
		b = t.appendTimestamp(b)
	case Time32, Time64, Duration, Interval:
		b = append(b, unitNames[t.unit]...)
	case FixedSizeBinary:
		b = strconv.AppendInt(b, int64(t.size), 10)
	case Decimal32, Decimal64, Decimal128, Decimal256:
		b = strconv.AppendInt(b, int64(t.size), 10)
		b = strconv.AppendInt(append(b, ", "...), int64(t.scale), 10)
	case Struct:
		b = t.appendStruct(b)
	case Union:
		b = t.appendUnion(b)
	case Dictionary:
		b = t.value.append(append(t.key.append(b), ", "...))
	default:
		b = t.appendFields(b)
		switch t.kind {
		case FixedSizeList:
			b = strconv.AppendInt(append(b, ", "...), int64(t.size), 10)
		case Map:
			b = strconv.AppendBool(append(b, ", "...), t.sorted)
		}
	}
	return append(b, ')')
}

func (t *Type) appendTimestamp(b []byte) []byte {
	b = append(b, unitNames[t.unit]...)
	if !t.hasZone {
		return append(b, ", None"...)
	}
	return append(appendDebugString(append(b, ", Some("...), t.zone), ')')
}

func (t *Type) appendStruct(b []byte) []byte {
	if t.elided {
		return append(b, "[...]"...)
	}
	return append(t.appendFields(append(b, '[')), ']')
}

func (t *Type) appendUnion(b []byte) []byte {
	b = append(b, '[')
	for i, f := range t.children {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(append(b, '('), int64(t.ids[i]), 10)
		b = append(f.appendDebug(append(b, ", "...)), ')')
	}
	return append(append(b, "], "...), unitNames[t.unit]...)
}

func (t *Type) appendFields(b []byte) []byte {
	for i, f := range t.children {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = f.appendDebug(b)
	}
	return b
}

// appendDebug appends the Debug form of a field in which nothing is left out, as the releases up to 56 derived it.
func (f Field) appendDebug(b []byte) []byte {
	b = appendDebugString(append(b, "Field { name: "...), f.Name)
	b = f.Type.append(append(b, ", data_type: "...))
	b = strconv.AppendBool(append(b, ", nullable: "...), f.Nullable)
	b = strconv.AppendInt(append(b, ", dict_id: "...), f.DictID, 10)
	b = strconv.AppendBool(append(b, ", dict_is_ordered: "...), f.DictIsOrdered)
	b = append(b, ", metadata: {"...)
	for i, key := range slices.Sorted(maps.Keys(f.Metadata)) {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendDebugString(append(appendDebugString(b, key), ": "...), f.Metadata[key])
	}
	return append(b, "} }"...)
}

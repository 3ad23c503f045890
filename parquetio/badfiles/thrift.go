package badfiles

import (
	"encoding/binary"
	"errors"
	"slices"
)

// The wire types of Thrift's compact protocol (thrift-compact-protocol.md of Apache Thrift).
const (
	Stop   = 0
	True   = 1
	False  = 2
	Byte   = 3
	I16    = 4
	I32    = 5
	I64    = 6
	Double = 7
	Binary = 8
	List   = 9
	Set    = 10
	Map    = 11
	Struct = 12
)

// Value is a Thrift value of any type.
type Value struct {
	Wire   byte
	Int    int64    // of integers, and of booleans within lists
	Bytes  []byte   // of strings, and the eight bytes of a double
	Elem   byte     // what a list holds, or the values of a map
	Key    byte     // of the keys of a map
	List   []*Value // of lists and sets; keys and values in turn of a map
	Fields []Field  // of structures
	// Claim is written as the length of a string or a list, if it is not nil, instead of the true one.
	Claim *uint64
}

// Field is a field of a structure.
type Field struct {
	ID    int16
	Value *Value
}

// Int32, Int64 and Text make values.
func Int32(v int64) *Value { return &Value{Wire: I32, Int: v} }

// Int64 makes an integer of 64 bits.
func Int64(v int64) *Value { return &Value{Wire: I64, Int: v} }

// Text makes a string.
func Text(s string) *Value { return &Value{Wire: Binary, Bytes: []byte(s)} }

// Record makes a structure of fields given as number and value in turn, nil values left out.
func Record(fields ...any) *Value {
	v := &Value{Wire: Struct}
	for i := 0; i < len(fields); i += 2 {
		if f := fields[i+1].(*Value); f != nil {
			v.Fields = append(v.Fields, Field{int16(fields[i].(int)), f})
		}
	}
	return v
}

// ListOf makes a list of values of one type.
func ListOf(elem byte, values ...*Value) *Value { return &Value{Wire: List, Elem: elem, List: values} }

// Get gives a field of a structure, nil when it is not there.
func (v *Value) Get(id int16) *Value {
	if v == nil {
		return nil
	}
	for _, f := range v.Fields {
		if f.ID == id {
			return f.Value
		}
	}
	return nil
}

// Set sets a field of a structure; nil removes it.
func (v *Value) Set(id int16, to *Value) {
	at, found := slices.BinarySearchFunc(v.Fields, id, func(f Field, id int16) int { return int(f.ID) - int(id) })
	switch {
	case to == nil && found:
		v.Fields = slices.Delete(v.Fields, at, at+1)
	case to == nil:
	case found:
		v.Fields[at].Value = to
	default:
		v.Fields = slices.Insert(v.Fields, at, Field{id, to})
	}
}

// Clone gives a copy that shares nothing but strings.
func (v *Value) Clone() *Value {
	if v == nil {
		return nil
	}
	c := *v
	c.List, c.Fields = slices.Clone(v.List), slices.Clone(v.Fields)
	for i := range c.List {
		c.List[i] = c.List[i].Clone()
	}
	for i := range c.Fields {
		c.Fields[i].Value = c.Fields[i].Value.Clone()
	}
	return &c
}

var errThrift = errors.New("badfiles: what is taken apart must be good")

// parseStruct reads a structure and gives its length.
func parseStruct(b []byte) (v *Value, n int, err error) {
	defer func() {
		if recover() != nil {
			v, n, err = nil, 0, errThrift
		}
	}()
	p := parser{b: b}
	v = p.value(Struct)
	return v, p.at, nil
}

// parser reads what is good; at anything else it panics.
type parser struct {
	b  []byte
	at int
}

func (p *parser) byte() byte { p.at++; return p.b[p.at-1] }

func (p *parser) uvarint() uint64 {
	x, n := binary.Uvarint(p.b[p.at:])
	if n <= 0 {
		panic(errThrift)
	}
	p.at += n
	return x
}

func (p *parser) varint() int64 {
	u := p.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (p *parser) take(n int) []byte {
	p.at += n
	return slices.Clone(p.b[p.at-n : p.at])
}

func (p *parser) value(wire byte) *Value {
	v := &Value{Wire: wire}
	switch wire {
	case True, False:
	case Byte:
		v.Int = int64(int8(p.byte()))
	case I16, I32, I64:
		v.Int = p.varint()
	case Double:
		v.Bytes = p.take(8)
	case Binary:
		v.Bytes = p.take(int(p.uvarint()))
	case List, Set:
		h := p.byte()
		n := int(h >> 4)
		if n == 15 {
			n = int(p.uvarint())
		}
		v.Elem = h & 15
		for range n {
			v.List = append(v.List, p.element(v.Elem))
		}
	case Map:
		if n := int(p.uvarint()); n > 0 {
			kinds := p.byte()
			v.Key, v.Elem = kinds>>4, kinds&15
			for range n {
				v.List = append(v.List, p.element(v.Key), p.element(v.Elem))
			}
		}
	case Struct:
		for id := int16(0); ; {
			h := p.byte()
			if h&15 == Stop {
				break
			}
			if h>>4 != 0 {
				id += int16(h >> 4)
			} else {
				id = int16(p.varint())
			}
			v.Fields = append(v.Fields, Field{id, p.value(h & 15)})
		}
	default:
		panic(errThrift)
	}
	return v
}

func (p *parser) element(wire byte) *Value {
	if wire == True || wire == False {
		return &Value{Wire: wire, Int: int64(p.byte())}
	}
	return p.value(wire)
}

// Append appends the value as the compact protocol has it.
func (v *Value) Append(b []byte) []byte {
	switch v.Wire {
	case True, False:
	case Byte:
		b = append(b, byte(v.Int))
	case I16, I32, I64:
		b = binary.AppendUvarint(b, uint64(v.Int<<1)^uint64(v.Int>>63))
	case Double:
		b = append(b, v.Bytes...)
	case Binary:
		b = append(binary.AppendUvarint(b, v.length(len(v.Bytes))), v.Bytes...)
	case List, Set:
		if n := v.length(len(v.List)); n < 15 {
			b = append(b, byte(n)<<4|v.Elem)
		} else {
			b = binary.AppendUvarint(append(b, 0xf0|v.Elem), n)
		}
		b = v.elements(b)
	case Map:
		if n := v.length(len(v.List) / 2); n == 0 {
			b = append(b, 0)
		} else {
			b = v.elements(append(binary.AppendUvarint(b, n), v.Key<<4|v.Elem))
		}
	case Struct:
		last := int16(0)
		for _, f := range v.Fields {
			if d := int(f.ID) - int(last); d > 0 && d < 16 {
				b = append(b, byte(d)<<4|f.Value.Wire)
			} else {
				b = append(b, f.Value.Wire)
				b = binary.AppendUvarint(b, uint64(int64(f.ID)<<1)^uint64(int64(f.ID)>>63))
			}
			b, last = f.Value.Append(b), f.ID
		}
		b = append(b, Stop)
	}
	return b
}

func (v *Value) elements(b []byte) []byte {
	for _, e := range v.List {
		if e.Wire == True || e.Wire == False {
			b = append(b, byte(e.Int))
		} else {
			b = e.Append(b)
		}
	}
	return b
}

func (v *Value) length(n int) uint64 {
	if v.Claim != nil {
		return *v.Claim
	}
	return uint64(n)
}

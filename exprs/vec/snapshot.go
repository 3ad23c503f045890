package vec

// Snapshot gives what was appended so far. The builder goes on: what it appends later is not seen.
func (b *Builder) Snapshot() *Vec {
	v := *b.v
	if !b.nulls {
		v.Valid = nil
	} else {
		v.Valid = v.Valid.Clone(v.N)
	}
	return &v
}

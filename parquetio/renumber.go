package parquetio

// Renumber gives the columns other field IDs than the file does, in order: files that others wrote have none, or some that mean nothing to the reader. It is
// called before anything of the file is read.
func (f *File) Renumber(ids []int32) {
	for i := range f.columns {
		f.columns[i].FieldID = ids[i]
	}
}

// Refusal says why a column cannot be read: "it is a nested column"; "" when it can.
func (f *File) Refusal(col int) string {
	if f.leaves[col].kind != kindRefused {
		return ""
	}
	return f.leaves[col].refusal
}

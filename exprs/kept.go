package exprs

// mostKept bounds the calls of a context that remember something: a statement may have a hundred thousand calls.
const mostKept = 32

// Kept gives what a function remembers in this context from batch to batch: what make gave when it was first asked for, nil where no more can be kept. of tells
// calls apart and is compared as a key of a map. What is kept is some hundred kilobytes at most, for the statement's budget does not know of it.
func Kept[T any](ctx *Ctx, of any, make func() *T) *T {
	if k, ok := ctx.kept[of].(*T); ok || len(ctx.kept) >= mostKept {
		return k
	}
	k := make()
	if ctx.kept == nil {
		ctx.kept = map[any]any{}
	}
	ctx.kept[of] = k
	return k
}

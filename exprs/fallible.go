package exprs

// infallible are functions that give a value, or NULL, for every argument.
var infallible = map[string]bool{
	"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true, "->": true, "->>": true, "@>": true, "<@": true, "?": true,
	"~~": true, "!~~": true, "lower": true, "upper": true, "length": true, "now": true, "extract": true, "jsonb_typeof": true,
}

// MayFail tells whether evaluating e can be an error for some row. It may say yes of an expression that cannot fail.
func MayFail(e Expr) bool {
	found := false
	Walk(e, func(n Expr) bool {
		if c, ok := n.(*Call); ok && !infallible[c.Fn.Name] && c.kernel != nil && !safeDivision(c) {
			found = true
		}
		return !found
	})
	return found
}

// safeDivision recognises a division by a constant that is neither NULL, 0 nor -1: the quotient is always in range.
func safeDivision(c *Call) bool {
	if (c.Fn.Name != "/" && c.Fn.Name != "%") || len(c.Args) != 2 || !c.Fn.Result.Integer() {
		return false
	}
	by, ok := c.Args[1].(*Const)
	return ok && !by.IsNull() && by.V.Ints[0] != 0 && by.V.Ints[0] != -1
}

package datetime

import "github.com/stoadb/stoa/exprs"

func formatFunctions() []exprs.Func { return nil }

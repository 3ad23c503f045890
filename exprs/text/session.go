package text

import (
	"crypto/rand"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// sessionFunctions gives what the session knows of itself, and random uuids.
func sessionFunctions() []exprs.Func {
	of := func(name string, get func(s *exprs.Session) string) exprs.Func {
		return exprs.Func{Name: name, Result: txt, Volatility: exprs.Stable, Eval: func(ctx *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
			for i := range out.Strs {
				out.Strs[i] = get(&ctx.Session)
			}
			return nil
		}}
	}
	return []exprs.Func{
		of("version", func(s *exprs.Session) string { return s.Version }),
		of("current_database", func(s *exprs.Session) string { return s.Database }),
		of("current_schema", func(s *exprs.Session) string { return s.Schema }),
		{Name: "gen_random_uuid", Result: arrowschema.UUID, Volatility: exprs.Volatile, Eval: randomUUIDs},
	}
}

// randomUUIDs gives uuids of version 4 (RFC 4122): random but for the version and the variant.
func randomUUIDs(_ *exprs.Ctx, _ []*vec.Vec, out *vec.Vec) error {
	for i := range out.UUIDs {
		u := &out.UUIDs[i]
		rand.Read(u[:]) //nolint:errcheck // since Go 1.24 it never fails: it would end the program
		u[6] = u[6]&0x0f | 0x40
		u[8] = u[8]&0x3f | 0x80
	}
	return nil
}

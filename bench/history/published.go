package history

// Published gives the fingerprints, as [History.Hash] makes them, of histories whose only options are the number of rows. A change of one is a
// change of what every benchmark runs on, and belongs in the CHANGELOG and in docs/histories.md.
func Published() map[int64]string {
	return map[int64]string{
		1_000:       "2d4c67c755bd4c139f0c856f50fff04d5600fc32dd60f59058b92379d1032cf9",
		10_000:      "c71fdb1662c8daa35b5044cbb2c73dfaa87b6f91f76e1fd2a702b821123a6727",
		100_000:     "2cb4c6eb2d3f2f6cf00d56923287d30ff0f4035aea645f97d4f8f9600abbfa7e",
		200_000:     "1496b0aa41e42f24ff1e6f68c441b850a1d54cfb4cad67013c149161e66a3bff",
		1_000_000:   "59afe1636e521d6764446e50ecb33026a59db508512d38a8b49eee92658db7dc",
		10_000_000:  "3445237ba284005e94587d4241e75684a2db4efa6f29e02549e84dc3657fb26a",
		100_000_000: "2e79b3569f3747e8cb014722adf465995c1a8f219e4c9e35b21efb3a5b8c6730",
	}
}

// Published gives the published fingerprint of this history, if there is one: its options but for the live queries are those that the number of rows gives.
func (h *History) Published() (hash string, ok bool) {
	usual, err := New(Options{Rows: h.opts.Rows})
	if a := &h.opts; err != nil || a.Seed != usual.opts.Seed || a.Days != usual.opts.Days || a.Users != usual.opts.Users || !a.End.Equal(usual.opts.End) {
		return "", false
	}
	hash, ok = Published()[h.opts.Rows]
	return hash, ok
}

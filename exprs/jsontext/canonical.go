package jsontext

// Canonical is the input function of jsonb: it checks any JSON text and gives its canonical form. Text that is canonical already is returned as it
// is, without allocation.
//
// Errors: 22P02 for what is no JSON, with PostgreSQL's detail and context; 22P05 for \u0000; 22003 for a number that numeric cannot hold; 22021 for
// text that is not UTF-8; 54001 beyond MaxDepth; 54000 when the canonical form would exceed MaxSize.
func Canonical(s string) (string, error) {
	if doc, ok := spaced(s); ok {
		return doc, nil
	}
	return canonical(s, nil)
}

func canonical(s string, watch Watch) (string, error) {
	w := writer{buf: make([]byte, 0, len(s)+len(s)/8+16), limit: MaxSize, watcher: watcher{watch: watch, seen: len(s)}}
	if err := parse(s, true, &w, watch); err != nil {
		return "", err
	}
	return w.finish(), nil
}

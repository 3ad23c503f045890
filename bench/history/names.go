package history

// firstNames begin with every letter, so that {shard} takes every value.
var firstNames = [100]string{
	"jamal", "amina", "lukas", "mei", "sofia", "omar", "elena", "kenji", "fatima", "noah", "priya", "mateo", "zoe", "ahmed", "clara", "ivan",
	"yuki", "tariq", "hanna", "diego", "leila", "oscar", "nadia", "felix", "aisha", "bruno", "greta", "rashid", "paula", "quentin", "salma",
	"viktor", "wanda", "xavier", "yasmin", "ulrich", "teresa", "samir", "renata", "pablo", "olga", "nils", "mona", "luis", "karin", "jonas",
	"ines", "hugo", "gita", "farid", "emma", "dmitri", "carla", "boris", "anna", "zain", "yara", "xenia", "walid", "vera", "umar", "tina",
	"stefan", "rosa", "qadir", "petra", "otto", "nora", "milan", "lara", "kofi", "julia", "ibrahim", "helena", "gustav", "frida", "erik",
	"dalia", "cyrus", "beatriz", "arjun", "zofia", "yusuf", "ximena", "willem", "valentina", "usha", "tomas", "sven", "ruth", "quinn", "pia",
	"olaf", "nina", "marco", "lina", "kai", "jana", "emil", "rita",
}

// namespaces and their tables, the busiest first.
var namespaces = [8]struct {
	name   string
	tables []string
}{
	{"chat", []string{"messages", "conversations", "reactions", "attachments", "presence", "receipts"}},
	{"shop", []string{"orders", "carts", "products", "prices", "stock", "returns"}},
	{"iot", []string{"readings", "devices", "alerts", "firmware", "locations", "commands"}},
	{"analytics", []string{"events", "sessions", "funnels", "pageviews", "exports", "cohorts"}},
	{"billing", []string{"invoices", "payments", "subscriptions", "refunds", "taxes", "ledger"}},
	{"auth", []string{"logins", "tokens", "devices", "roles", "audit", "invites"}},
	{"media", []string{"uploads", "thumbnails", "transcodes", "captions", "playlists", "views"}},
	{"search", []string{"queries", "documents", "clicks", "synonyms", "rankings", "suggestions"}},
}

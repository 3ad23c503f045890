package pathtemplate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300)
	for _, c := range []struct{ template, namespace, table, user, want string }{
		{"{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/", "chat", "messages", "jamal", "chat/users/jamal/messages/j"},
		{"{storageLocation}/{namespace}/{tableName}/", "system", "jobs", SystemUser, "system/jobs"},
		{"{namespace}/{tableName}", "system", "live_queries", SystemUser, "system/live_queries"},
		{"{tableName}/{userId}", "a", "b", "user@example.com", "b/user@example.com"},
		{"{tableName}/{userId}", "a", "b", "node-1", "b/node-1"},
		{"{tableName}/{userId}/{shard}", "a", "b", "Zoë", "b/Zo%C3%AB/z"},
		{"{tableName}/{userId}/{shard}", "a", "b", "Jamal", "b/Jamal/j"},
		{"{tableName}/{userId}/{shard}", "a", "b", "\u212Aelvin", "b/%E2%84%AAelvin/z"},
		{"{tableName}/{userId}/{shard}", "a", "b", "9lives", "b/9lives/z"},
		{"{tableName}/{userId}/{shard}", "a", "b", "", "b/%empty/z"},
		{"{tableName}/{userId}", "a", "b", "%empty", "b/%25empty"},
		{"{tableName}/{userId}", "a", "b", "..", "b/%2E%2E"},
		{"{tableName}/{userId}", "a", "b", ".", "b/%2E"},
		{"{tableName}/{userId}", "a", "b", "../../etc/passwd", "b/%2E.%2F..%2Fetc%2Fpasswd"},
		{"{tableName}/{userId}", "a", "b", "{shard}", "b/%7Bshard%7D"},
		{"{tableName}/{userId}", "a", "b", "a\x00b\\c", "b/a%00b%5Cc"},
		{"{tableName}/{userId}", "a", "b", "nul.txt", "b/%6Eul.txt"},
		{"{tableName}/{userId}", "a", "b", "COM1", "b/%43OM1"},
		{"{tableName}/{userId}", "a", "b", "conrad", "b/conrad"},
		{"{tableName}/{userId}", "a", "b", "-rf", "b/%2Drf"},
		{"{tableName}/{userId}", "a", "b", "_tmp", "b/%5Ftmp"},
		{"{tableName}/{userId}", "a", "b", "a.", "b/a%2E"},
		{"{tableName}/{userId}", "a", "b", long, "b/xxxxxxxxxxxxxxxxxxxx%sha%bvhczkpjzphnpj5fhahlfhq2g6b3tnwq3nzn4nvbauidryob7pdq"},
		{"{namespace}.{tableName}/user={userId}", "my.app", "live_queries", "a b", "my%2Eapp.live_queries/user=a%20b"},
		{"{namespace}_{tableName}", "a_b", "c", "", "a%5Fb_c"},
		{"{tableName}/{shard}{userId}", "", "t", "jo", "t/jjo"},
	} {
		tmpl, err := Parse(c.template)
		require.NoError(t, err, c.template)
		require.Equal(t, c.want, tmpl.Expand(Values{Namespace: c.namespace, Table: c.table, User: &c.user}), "%s of %q", c.template, c.user)
		require.Equal(t, c.template, tmpl.String())
	}
	tmpl, err := Parse("{tableName}/{userId}/{shard}")
	require.NoError(t, err)
	require.Equal(t, "t/%null/z", tmpl.Expand(Values{Table: "t"}))
	require.True(t, tmpl.UsesUser())
	require.True(t, tmpl.UsesShard())
	require.Equal(t, "j", Shard("Jamal"))
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for template, detail := range map[string]string{
		"":                                                   "It is empty.",
		"{storageLocation}/{namespace}/":                     "The variable {tableName} is missing.",
		"{storageLocation}":                                  "The variable {tableName} is missing.",
		"tableName":                                          "The variable {tableName} is missing.",
		"{storageLocation}/{user}/{tableName}":               "There is no variable {user}.",
		"{storageLocation}/{userid}/{tableName}":             "There is no variable {userid}.",
		"{storageLocation}/{}/{tableName}":                   "There is no variable {}.",
		"{storageLocation}/../{tableName}":                   `It contains "..".`,
		"{storageLocation}/a..b/{tableName}":                 `It contains "..".`,
		"..{userId}/{tableName}":                             `It contains "..".`,
		"/etc/{tableName}":                                   "It is an absolute path.",
		"{storageLocation}//etc/{tableName}":                 "It has an empty element",
		"{storageLocation}/{tableName}//":                    "It has an empty element",
		"{storageLocation}/./{tableName}":                    `It has the element ".".`,
		"{namespace}/{storageLocation}/{tableName}":          "{storageLocation} may only stand alone",
		"{storageLocation}{tableName}":                       "{storageLocation} may only stand alone",
		"{storageLocation}x/{tableName}":                     "{storageLocation} may only stand alone",
		"x{storageLocation}/{tableName}":                     "{storageLocation} may only stand alone",
		"{tableName":                                         "A brace has no partner.",
		"tableName}/{tableName}":                             "A brace has no partner.",
		"{{tableName}}":                                      "A brace has no partner.",
		"{table{tableName}}":                                 "A brace has no partner.",
		"{tableName}/{":                                      "A brace has no partner.",
		"{tableName}/a\x00b":                                 "It contains the control character U+0000.",
		"{tableName}\n":                                      "It contains the control character U+000A.",
		"{tableName}/\u0085":                                 "It contains the control character U+0085.",
		"{tableName}/\xff":                                   "It is not valid UTF-8.",
		`{tableName}\..\x`:                                   `It contains "..".`,
		`{tableName}\x`:                                      "It contains a backslash.",
		"C:/{tableName}":                                     "begins with a drive letter",
		"{storageLocation}/c:x/{tableName}":                  "begins with a drive letter",
		"{tableName}/a ":                                     "begins or ends with a space",
		"{tableName}/ a":                                     "begins or ends with a space",
		"{tableName}/{userId}.":                              "ends with a dot",
		"{namespace}{tableName}":                             "Two values in one element",
		"{namespace}x{tableName}":                            "Two values in one element",
		"{namespace}{shard}{tableName}":                      "Two values in one element",
		"{tableName}/" + strings.Repeat("a", 256):            "an element of more than 255 bytes",
		strings.Repeat("a", 180) + "{tableName}":             "longer than 255 bytes",
		"{tableName}-{namespace}-{userId}-{userId}-{userId}": "longer than 255 bytes",
	} {
		_, err := Parse(template)
		require.Error(t, err, "%q", template)
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, sqlstate.InvalidParameterValue, e.Code)
		require.Contains(t, e.Detail, detail, "%q", template)
		for _, v := range []string{"{storageLocation}", "{namespace}", "{tableName}", "{userId}", "{shard}"} {
			require.Contains(t, e.Hint, v)
		}
	}
}

// Package pathtemplate turns the path_template of a storage into directories: it reads the template, refuses what could leave the storage, and
// fills in values so that distinct values give distinct directories, all of them inside.
//
// # Templates
//
// A template is a relative path with variables in braces, such as {storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/. Its variables:
//
//	{storageLocation}  the storage's base_path; only as the first element, where it may also be left out
//	{namespace}        the table's namespace
//	{tableName}        the table's name; every template has it, so that a directory belongs to one table name
//	{userId}           the user whose rows they are; `system` for a table without a user column
//	{shard}            the user id's first letter in lower case if it is one of a to z, otherwise z
//
// Refused, with SQLSTATE 22023: a variable of another name, a brace without its partner, no {tableName}, "..", ".", an empty element (which covers a
// path that begins with a slash, at the beginning or behind {storageLocation}), a backslash, a drive letter, NUL and other control characters,
// text that is not UTF-8, an element that begins or ends with a space or ends with a dot, and two values in one element with nothing between them
// that could tell them apart.
//
// # Values
//
// A value becomes a part of one path element. ASCII letters, digits and - _ . @ stand for themselves, every other byte is written as % and two
// upper-case hexadecimal digits, as Hive does for partitions. So are a - _ or . at the beginning of a value (options, and files that Spark and
// Hive do not look at), a dot at its end (Windows drops it), the first letter of a Windows device name (con, nul.txt, COM1) and the characters
// that separate this value from another in the same element. What has no such form has one that no value can have otherwise, since % is always
// followed by two hexadecimal digits there:
//
//	""              %empty
//	NULL            %null
//	too long        the first 20 bytes or fewer of the escaped value, %sha%, and the SHA-256 of the value in base32 (a–z 2–7)
//
// Too long is what would make the element longer than 255 bytes, which is what file systems allow: the limit depends on the template alone.
//
// Distinct values therefore give distinct directories wherever names are compared byte by byte, as on Linux. Where upper and lower case are the same
// name (Windows, macOS), users Jamal and jamal share a directory: their files still have names of their own, and every file is known to the database
// by its user. Escaping upper case would make every such name unreadable for the sake of that. Names are ASCII, so no file system can
// make two of them one by normalising Unicode.
//
// The package touches no file system and knows no tables.
package pathtemplate

# Shared by the scripts of this directory; sourced, never run.
#
# It finds a PostgreSQL 15 to be the oracle: the one that answers at
# STOA_PG_HOST:STOA_PG_PORT as STOA_PG_USER, else one that it starts itself in
# STOA_PG_DIR with Debian's binaries (installed by apt when root and missing).
# The cluster is a throw-away: locale C, UTF-8, UTC, trust on loopback, no fsync.

: "${STOA_PG_HOST:=127.0.0.1}" "${STOA_PG_PORT:=54329}" "${STOA_PG_USER:=postgres}"
: "${STOA_PG_DIR:=/var/tmp/stoa-pg}"
export STOA_PG_HOST STOA_PG_PORT STOA_PG_USER STOA_PG_DIR

golden_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo_dir=$(cd "$golden_dir/../.." && pwd)

# pg DATABASE [psql arguments]: psql without the user's .psqlrc, in UTC, with the settings that decide the text of results.
pg() {
	local database=$1
	shift
	PGTZ=UTC PGDATESTYLE=ISO,MDY PGCLIENTENCODING=UTF8 LC_ALL=C PGOPTIONS="-c intervalstyle=postgres -c client_min_messages=error ${PGOPTIONS:-}" \
		psql -X -q -h "$STOA_PG_HOST" -p "$STOA_PG_PORT" -U "$STOA_PG_USER" -d "$database" "$@"
}

pg_answers() { pg postgres -Atc 'SELECT 1' >/dev/null 2>&1; }

# as_server_user COMMAND…: PostgreSQL refuses to run as root, so root becomes the package's user.
as_server_user() {
	if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

pg_bindir() {
	local dir
	for dir in /usr/lib/postgresql/15/bin "$(pg_config --bindir 2>/dev/null)" "$(dirname "$(command -v initdb 2>/dev/null || echo /none/initdb)")"; do
		if [ -x "$dir/initdb" ] && "$dir/postgres" --version | grep -q ' 15\.'; then
			echo "$dir"
			return
		fi
	done
	return 1
}

install_pg() {
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		echo "golden: no PostgreSQL 15 found; install postgresql-15 or point STOA_PG_HOST and STOA_PG_PORT at a server" >&2
		return 1
	fi
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql-15 >/dev/null
}

# ensure_pg: a server answers when it returns; the one it starts keeps running.
ensure_pg() {
	if pg_answers; then return; fi
	local bin log
	bin=$(pg_bindir) || { install_pg && bin=$(pg_bindir); } || return 1
	if [ ! -f "$STOA_PG_DIR/PG_VERSION" ]; then
		mkdir -p "$STOA_PG_DIR"
		if [ "$(id -u)" = 0 ]; then chown postgres "$STOA_PG_DIR"; fi
		as_server_user "$bin/initdb" -D "$STOA_PG_DIR" -U "$STOA_PG_USER" --locale=C --encoding=UTF8 --auth=trust >/dev/null
	fi
	log=$STOA_PG_DIR/server.log
	(cd / && as_server_user "$bin/pg_ctl" -D "$STOA_PG_DIR" -l "$log" -w start -o \
		"-p $STOA_PG_PORT -c listen_addresses=$STOA_PG_HOST -c unix_socket_directories= -c fsync=off -c timezone=UTC -c log_timezone=UTC" >/dev/null)
	pg_answers || { echo "golden: the server did not start, see $log" >&2; return 1; }
}

# fresh_database NAME: an empty database, with the clock frozen (now.sql).
fresh_database() {
	pg postgres -v ON_ERROR_STOP=1 -c "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" \
		-c "CREATE DATABASE \"$1\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
	pg "$1" -v ON_ERROR_STOP=1 -f "$golden_dir/now.sql"
	pg postgres -v ON_ERROR_STOP=1 -c "ALTER DATABASE \"$1\" SET search_path = public, pg_catalog" \
		-c "ALTER DATABASE \"$1\" SET timezone = 'UTC'"
}

-- Freezes the clock of a database: now() is found here before pg_catalog, so that statements that say now() can be run as they are written.
-- The moment is the one at which every golden answer was computed; Stoa takes the same with --now 2025-10-21T14:30:22.123456Z.
CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT TIMESTAMPTZ '2025-10-21 14:30:22.123456+00' $$;

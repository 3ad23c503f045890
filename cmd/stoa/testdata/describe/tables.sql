CREATE SCHEMA chat;
CREATE TABLE chat.messages (id bigint NOT NULL, user_id text NOT NULL, content varchar(40) DEFAULT 'it''s', created_at timestamp DEFAULT now(), PRIMARY KEY (user_id, id), UNIQUE (content));
CREATE INDEX idx_messages ON chat.messages (user_id, created_at DESC);
CREATE INDEX "Odd Name" ON chat.messages (content);
CREATE INDEX ON chat.messages (created_at);
\d chat.messages
\d CHAT.Messages
ALTER TABLE chat.messages ADD COLUMN metadata jsonb DEFAULT '{"b":1,"a":[1,2]}', ADD COLUMN "Reply to" bigint NOT NULL DEFAULT -1, ADD COLUMN n integer;
ALTER TABLE chat.messages RENAME COLUMN content TO body;
ALTER TABLE chat.messages ALTER COLUMN created_at DROP DEFAULT, ALTER COLUMN created_at SET NOT NULL, ALTER COLUMN n TYPE bigint;
\d chat.messages
ALTER TABLE chat.messages DROP COLUMN body;
\d chat.messages
\d chat.idx_messages
\d chat.messages_pkey
CREATE TABLE public.k (a varchar(10) CHECK (a IN ('x', 'y''z', 'q')), b varchar CHECK (b IN ('o')), c int DEFAULT '5', d bool DEFAULT 'yes', e text DEFAULT E'a\\b\n', f bigint DEFAULT -9999999999,
	g smallint DEFAULT 5, h numeric DEFAULT -1.50, i float8 DEFAULT -1.5, j bigint DEFAULT -3, k numeric DEFAULT '1.50', l jsonb DEFAULT '{"b":1}'::jsonb, m varchar(5) DEFAULT 'x'::varchar,
	n timestamp DEFAULT '2020-01-01 10:00', p timestamptz DEFAULT '2020-01-01 10:00Z', q interval DEFAULT interval '90 min', r date DEFAULT date '2020-02-03', s bigint DEFAULT 1e3,
	t float8 DEFAULT '1.5', u int DEFAULT (1), v text DEFAULT '', y numeric(5,2), y1 numeric(5), "Z z" text CHECK ("Z z" IN ('a', 'b')), aa text DEFAULT '5'::varchar, ab real DEFAULT 1.10,
	ad bool DEFAULT true, af text CONSTRAINT zz CHECK (af IN ('ü', 'a"b')), ag uuid DEFAULT gen_random_uuid(), ah time DEFAULT '10:00', ai timestamp DEFAULT current_timestamp,
	aj text DEFAULT null, ak date DEFAULT current_date, al varchar(5) DEFAULT null, am varchar DEFAULT null, an numeric(5,2) DEFAULT null, PRIMARY KEY ("Z z", f), UNIQUE (c), UNIQUE (g, h));
CREATE INDEX ON public.k (j DESC);
CREATE INDEX "A" ON public.k (j, "Z z");
\d k
\d "A"
\d k_*key
\d "k"
\d public.?
CREATE TABLE public."Odd ""Table" (a int);
\d "Odd ""Table"

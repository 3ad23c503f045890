-- Tables of users in a database of the older form, which the back-fill finds beside the contract's.
CREATE SCHEMA chat;

CREATE TABLE chat.messages (
    id BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT now(),
    likes INT,
    weight SMALLINT DEFAULT 1,
    score DOUBLE PRECISION,
    rate REAL,
    seen BOOLEAN,
    day DATE
);

CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(20) UNIQUE);

INSERT INTO chat.messages (id, user_id, content, likes, score, seen, day) VALUES
    (1, 'jamal', 'hello', 3, 0.5, true, '2025-10-21'), (2, 'ana', 'it''s', NULL, NULL, NULL, NULL), (3, 'jamal', '日本語 🙂', -1, 'NaN', false, '1969-12-31');

INSERT INTO notes VALUES (1, 'one'), (2, NULL);

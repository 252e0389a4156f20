"""The tables, and how an older database becomes a newer one.

`PRAGMA user_version` counts the migrations that were applied; each runs in one IMMEDIATE transaction. A
migration that was released is never edited. Instants are REAL seconds since 1970-01-01 UTC, dates ISO text.
"""

from __future__ import annotations

FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE routine (
    slug TEXT PRIMARY KEY,
    generation INTEGER NOT NULL DEFAULT 1,
    zone TEXT,
    schedule TEXT NOT NULL DEFAULT '',
    first_seen REAL NOT NULL,
    gone_since REAL,
    stopped INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE fact (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    nominal TEXT NOT NULL,
    state TEXT,
    start REAL,
    end REAL,
    snoozed_until REAL,
    title TEXT,
    for_both INTEGER NOT NULL DEFAULT 0,
    at REAL,
    assumed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX fact_nominal ON fact (nominal);

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    id TEXT NOT NULL,
    verb TEXT NOT NULL,
    before TEXT,
    undone INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE pause (scope TEXT PRIMARY KEY, since REAL NOT NULL, until REAL) WITHOUT ROWID;

CREATE TABLE occurrence (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    nominal TEXT NOT NULL,
    practice TEXT,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    start REAL NOT NULL,
    end REAL,
    start_text TEXT NOT NULL,
    end_text TEXT,
    zone TEXT NOT NULL,
    state TEXT NOT NULL,
    snoozed_until REAL,
    pinned INTEGER NOT NULL,
    private INTEGER NOT NULL,
    in_calendar INTEGER NOT NULL,
    ask INTEGER NOT NULL,
    prompt TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX occurrence_start ON occurrence (start);

CREATE TABLE unplaced (routine TEXT NOT NULL, period TEXT NOT NULL, reason TEXT NOT NULL);

CREATE TABLE reminder (
    id TEXT NOT NULL,
    lead TEXT NOT NULL,
    due REAL NOT NULL,
    expires REAL,
    phase TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    bubble TEXT,
    PRIMARY KEY (id, lead)
) WITHOUT ROWID;

CREATE TABLE bubble (
    token TEXT PRIMARY KEY,
    phase TEXT NOT NULL,
    server_id INTEGER,
    server TEXT,
    posted REAL NOT NULL,
    closed REAL
) WITHOUT ROWID;

CREATE TABLE collection (
    account TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    principal TEXT NOT NULL,
    home TEXT NOT NULL,
    auth_type TEXT NOT NULL,
    data_in_sync INTEGER,
    sync_collection INTEGER NOT NULL DEFAULT 1,
    profile TEXT,
    token TEXT,
    gone INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE object (
    uid TEXT PRIMARY KEY,
    href TEXT NOT NULL,
    etag TEXT,
    slug TEXT NOT NULL,
    generation INTEGER NOT NULL,
    period TEXT NOT NULL DEFAULT '',
    base BLOB NOT NULL,
    base1 BLOB,
    base2 BLOB,
    intent TEXT NOT NULL,
    echo INTEGER NOT NULL DEFAULT 0,
    written REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX object_href ON object (href);

CREATE TABLE pin (
    slug TEXT NOT NULL,
    generation INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    over TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (slug, generation, field)
) WITHOUT ROWID;

CREATE TABLE tombstone (
    slug TEXT NOT NULL,
    generation INTEGER NOT NULL,
    period TEXT NOT NULL DEFAULT '',
    at REAL NOT NULL,
    PRIMARY KEY (slug, generation, period)
) WITHOUT ROWID;

CREATE TABLE outbox (
    uid TEXT PRIMARY KEY,
    op TEXT NOT NULL CHECK (op IN ('put', 'delete')),
    href TEXT NOT NULL,
    body BLOB,
    body_hash TEXT NOT NULL DEFAULT '',
    if_match TEXT,
    slug TEXT NOT NULL,
    generation INTEGER NOT NULL,
    period TEXT NOT NULL DEFAULT '',
    intent TEXT NOT NULL DEFAULT '{}',
    tries INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE conflict (seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, id TEXT NOT NULL, what TEXT NOT NULL);

CREATE TABLE run (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    ok INTEGER NOT NULL,
    code INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    fix TEXT NOT NULL DEFAULT '',
    requests INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0
);
"""

RESTS = """
CREATE TABLE rest (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL,
    kind TEXT NOT NULL,
    cleared INTEGER NOT NULL DEFAULT 0
);
INSERT INTO rest (scope, since, until, kind) SELECT scope, since, until, 'pause' FROM pause;
DROP TABLE pause
"""

DEPARTURES = """
ALTER TABLE routine ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;
CREATE TABLE left_collection AS SELECT * FROM collection WHERE 0;
CREATE TABLE left_object AS SELECT collection.account AS account, object.* FROM collection, object WHERE 0;
"""
"""`retired`: gone from the config for so long that its series was ended. What stood in another account's calendar is
kept for the day on which somebody goes back to it."""

PRACTICES = """
CREATE TABLE word (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    sealed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX word_kind ON word (kind, at);
CREATE TABLE told (key TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE topic (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    word INTEGER NOT NULL,
    opened REAL NOT NULL,
    temperature INTEGER NOT NULL,
    closed REAL,
    talk TEXT,
    rests_until REAL,
    talks INTEGER NOT NULL DEFAULT 0,
    hard INTEGER NOT NULL DEFAULT 0,
    went REAL,
    went_well INTEGER,
    follow REAL
);
ALTER TABLE fact ADD COLUMN body TEXT NOT NULL DEFAULT '';
ALTER TABLE fact ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
CREATE TABLE idea (
    id TEXT PRIMARY KEY,
    prompt TEXT NOT NULL,
    at REAL NOT NULL,
    kept INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
ALTER TABLE occurrence ADD COLUMN opening TEXT NOT NULL DEFAULT '';
ALTER TABLE reminder ADD COLUMN offers TEXT NOT NULL DEFAULT '[]';
"""
"""`word`: what a person wrote or answered for themselves, as JSON, sealed when they wish so. `told`: what is said once.
`body`: the text under the title of a word of reconnectd's own. `topic`: the times of something to talk about, whose
text is the row `word`; `talk` is the occurrence at which it is to be talked about, `went` when it last was, `hard` how
often that was hard, `follow` when a word may come back to it. `asked`: nobody answered, and the question was said.
`idea`: which prompt of a deck an occurrence has. `opening`: what the word says as an event begins.
`offers`: the days that a bubble offers, as JSON."""

MIGRATIONS: tuple[str, ...] = (FIRST, RESTS, DEPARTURES, PRACTICES)
VERSION = len(MIGRATIONS)

"""The ordered steps of the schema. A released step is never edited: add another."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.schema import APPLICATION_ID, SCHEMA_VERSION

__all__ = ["migrate"]

_STEPS = Migrations("cstowatch")


def migrate(db: Database) -> None:
    """Brings the database up to `SCHEMA_VERSION`; all steps are done, or none.

    The caller has begun a transaction, so that the steps nest in it as savepoints.
    """
    _STEPS.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _run(db: Database, script: str) -> None:
    # executescript would commit the transaction that the caller holds open.
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@_STEPS()
def tables(db: Database) -> None:
    """What is kept: natural keys are UNIQUE, and whatever names a row REFERENCES it."""
    _run(
        db,
        """
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, language TEXT NOT NULL, listed INTEGER NOT NULL,
    added_at TEXT, last_visit TEXT, last_success TEXT, last_failure TEXT, failure TEXT, last_change TEXT,
    failing INTEGER NOT NULL DEFAULT 0, teasers TEXT, teasers_at TEXT
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL, sources TEXT NOT NULL, started_at TEXT NOT NULL,
    ended_at TEXT, outcomes TEXT, changes TEXT, failures TEXT, bytes INTEGER
);
CREATE TABLE bodies (
    id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, stored INTEGER NOT NULL,
    base_id INTEGER REFERENCES bodies(id), depth INTEGER NOT NULL, data BLOB, dropped_at TEXT
);
CREATE INDEX bodies_sizes ON bodies(size, stored);
CREATE INDEX bodies_by_base ON bodies(base_id) WHERE base_id IS NOT NULL;
CREATE INDEX bodies_dropped ON bodies(dropped_at) WHERE dropped_at IS NOT NULL;
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, source_id INTEGER NOT NULL REFERENCES sources(id),
    role TEXT NOT NULL, slug TEXT NOT NULL, first_seen TEXT NOT NULL, last_visit TEXT NOT NULL,
    visits INTEGER NOT NULL, changes_seen INTEGER NOT NULL DEFAULT 0, gone_since TEXT, etag TEXT,
    last_modified TEXT, body_id INTEGER REFERENCES bodies(id), good_body_id INTEGER REFERENCES bodies(id),
    revision_id INTEGER REFERENCES revisions(id)
);
CREATE INDEX pages_by_source ON pages(source_id, role, slug);
CREATE TABLE header_sets (
    id INTEGER PRIMARY KEY, key INTEGER NOT NULL UNIQUE, pattern TEXT NOT NULL
);
CREATE TABLE captures (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id),
    page_id INTEGER NOT NULL REFERENCES pages(id), fetched_at TEXT NOT NULL, role TEXT,
    status INTEGER, outcome TEXT, reason TEXT, body_id INTEGER REFERENCES bodies(id), final_url TEXT,
    request_set INTEGER NOT NULL REFERENCES header_sets(id), request_values TEXT,
    header_set INTEGER NOT NULL REFERENCES header_sets(id), header_values TEXT,
    error TEXT, address TEXT, flags TEXT, digest BLOB NOT NULL
);
CREATE UNIQUE INDEX captures_once ON captures(page_id, fetched_at, run_id);
CREATE INDEX captures_by_time ON captures(fetched_at);
CREATE INDEX captures_pending ON captures(id) WHERE outcome IS NULL;
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL REFERENCES pages(id), number INTEGER NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id), origin TEXT NOT NULL DEFAULT 'visit',
    title TEXT, language TEXT NOT NULL,
    published TEXT, published_evidence TEXT, said_on TEXT, captured_at TEXT NOT NULL,
    understood_at TEXT NOT NULL, extractor TEXT NOT NULL, text_hash TEXT NOT NULL, digest BLOB NOT NULL,
    UNIQUE (page_id, number)
);
CREATE UNIQUE INDEX revisions_once ON revisions(capture_id) WHERE origin = 'visit';
CREATE TABLE statements (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, normal_key INTEGER NOT NULL, language TEXT NOT NULL,
    kind TEXT NOT NULL, lead_in TEXT, text TEXT NOT NULL, normal TEXT NOT NULL,
    candidate INTEGER NOT NULL DEFAULT 0, searchable INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX statements_by_normal ON statements(normal_key);
CREATE TABLE revision_statements (
    revision_id INTEGER NOT NULL REFERENCES revisions(id), position INTEGER NOT NULL,
    statement_id INTEGER NOT NULL REFERENCES statements(id), PRIMARY KEY (revision_id, position)
) WITHOUT ROWID;
CREATE INDEX revision_statements_by_statement ON revision_statements(statement_id);
CREATE TABLE baselines (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, origin TEXT NOT NULL, language TEXT NOT NULL,
    said_on TEXT, url TEXT, title TEXT, statements INTEGER NOT NULL, loaded_at TEXT NOT NULL
);
CREATE TABLE known (
    id INTEGER PRIMARY KEY, statement_id INTEGER NOT NULL REFERENCES statements(id), said_on TEXT,
    said_key TEXT NOT NULL, origin TEXT NOT NULL, url TEXT, known_at TEXT NOT NULL,
    believed_from TEXT NOT NULL, believed_until TEXT NOT NULL DEFAULT '99999',
    baseline_id INTEGER REFERENCES baselines(id), revision_id INTEGER REFERENCES revisions(id)
);
CREATE UNIQUE INDEX known_once ON known(statement_id, said_key, known_at, origin, believed_from);
CREATE INDEX known_by_revision ON known(revision_id) WHERE revision_id IS NOT NULL;
CREATE TABLE facts (
    id INTEGER PRIMARY KEY, known_id INTEGER NOT NULL REFERENCES known(id), event TEXT NOT NULL,
    attribute TEXT NOT NULL, value TEXT NOT NULL, quote TEXT NOT NULL, vague INTEGER NOT NULL,
    joining INTEGER, UNIQUE (event, known_id, attribute, value)
);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY, capture_id INTEGER NOT NULL REFERENCES captures(id), kind TEXT NOT NULL,
    significance TEXT NOT NULL, event TEXT, attribute TEXT, old TEXT, new TEXT, shift_days INTEGER,
    old_statements TEXT, new_statements TEXT, old_origin TEXT, score REAL, reason TEXT NOT NULL,
    page_id INTEGER NOT NULL REFERENCES pages(id), language TEXT, published TEXT, detected TEXT NOT NULL,
    from_revision INTEGER, to_revision INTEGER, page_title TEXT, published_before TEXT
);
CREATE INDEX changes_by_time ON changes(detected);
CREATE INDEX changes_by_event ON changes(event, attribute) WHERE event IS NOT NULL;
CREATE INDEX changes_by_page ON changes(page_id);
CREATE TABLE notes (
    id INTEGER PRIMARY KEY, change_id INTEGER NOT NULL REFERENCES changes(id), ruling TEXT NOT NULL,
    why TEXT NOT NULL, noted_at TEXT NOT NULL
);
CREATE INDEX notes_by_change ON notes(change_id);
CREATE TABLE sightings (
    change_id INTEGER NOT NULL REFERENCES changes(id), url TEXT NOT NULL, detected TEXT NOT NULL,
    PRIMARY KEY (change_id, url)
) WITHOUT ROWID;
CREATE TABLE digests (
    day TEXT PRIMARY KEY, body TEXT NOT NULL, recorded_at TEXT NOT NULL, head TEXT
) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, statements INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE candidate_index USING fts5(
    terms, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '_'"
);
INSERT INTO candidate_index (candidate_index, rank) VALUES ('crisismerge', 6), ('usermerge', 2);
CREATE VIRTUAL TABLE search_index USING fts5(
    terms, content='', prefix='3', tokenize="ascii tokenchars '_'"
);
CREATE VIRTUAL TABLE candidate_index_terms USING fts5vocab(candidate_index, row);
CREATE VIRTUAL TABLE search_index_terms USING fts5vocab(search_index, row);
CREATE VIEW v_changes AS
    SELECT c.id, c.kind, c.significance, c.event, c.attribute, c.old, c.new, c.shift_days,
        c.old_statements, c.new_statements, c.old_origin, c.score, c.reason, p.url, s.name AS source,
        c.language, c.published, c.detected, c.from_revision, c.to_revision, c.page_title,
        c.published_before,
        (SELECT json_group_array(url) FROM (
            SELECT url FROM sightings WHERE change_id = c.id ORDER BY detected, url)) AS also_seen,
        n.ruling, n.why AS ruling_why, n.noted_at AS ruling_noted
    FROM changes c JOIN pages p ON p.id = c.page_id JOIN sources s ON s.id = p.source_id
        LEFT JOIN notes n ON n.id = (SELECT max(id) FROM notes WHERE change_id = c.id);
CREATE VIEW v_notes AS SELECT id, change_id AS change, ruling, why, noted_at AS noted FROM notes;
CREATE VIEW v_captures AS
    SELECT c.id, c.run_id AS run, s.name AS source, p.url,
        ifnull(c.final_url, p.url) AS final_url, ifnull(c.role, p.role) AS role,
        c.fetched_at AS fetched, c.status, c.outcome, c.reason, c.error, c.address,
        lower(hex(b.sha256)) AS body_sha256, b.size AS body_bytes, b.dropped_at AS body_dropped,
        lower(hex(c.digest)) AS digest
    FROM captures c JOIN pages p ON p.id = c.page_id JOIN sources s ON s.id = p.source_id
        LEFT JOIN bodies b ON b.id = c.body_id;
CREATE VIEW v_revisions AS
    SELECT p.url, s.name AS source, r.number, r.title, r.language, r.published, r.published_evidence,
        r.said_on, r.captured_at AS captured, r.understood_at AS understood, r.extractor,
        r.text_hash AS text_sha256, r.capture_id AS capture, r.origin
    FROM revisions r JOIN pages p ON p.id = r.page_id JOIN sources s ON s.id = p.source_id;
CREATE VIEW v_statements AS
    SELECT p.url, r.number AS revision, rs.position, st.text, st.lead_in, st.kind, st.language, r.published,
        r.captured_at AS captured
    FROM revision_statements rs JOIN revisions r ON r.id = rs.revision_id
        JOIN pages p ON p.id = r.page_id JOIN statements st ON st.id = rs.statement_id;
CREATE VIEW v_facts AS
    SELECT f.event, f.attribute, f.value, f.vague, f.joining, f.quote,
        CASE WHEN st.lead_in IS NULL THEN st.text ELSE st.lead_in || ' ' || st.text END AS statement,
        st.language, k.said_on, k.known_at AS known, k.origin, k.url
    FROM facts f JOIN known k ON k.id = f.known_id JOIN statements st ON st.id = k.statement_id
    WHERE k.believed_until = '99999';
CREATE VIEW v_runs AS
    SELECT id, command, sources, started_at AS started, ended_at AS ended, outcomes, changes, failures, bytes
    FROM runs
""",
    )


@_STEPS()
def unattended(db: Database) -> None:
    """What a daemon must remember: slots and how they ended, messages sent or waiting, what is wrong."""
    _run(
        db,
        """
CREATE TABLE slots (
    id INTEGER PRIMARY KEY, job TEXT NOT NULL, era INTEGER NOT NULL, due_at TEXT NOT NULL,
    state TEXT NOT NULL, planned_at TEXT NOT NULL, started_at TEXT, ended_at TEXT,
    tries INTEGER NOT NULL DEFAULT 0, pid INTEGER, reason TEXT, UNIQUE (job, era, due_at)
);
CREATE VIEW v_slots AS
    SELECT id, job, era, due_at AS due, state, planned_at AS planned, started_at AS started,
        ended_at AS ended, tries, pid, reason
    FROM slots;
CREATE TABLE signs (
    source TEXT NOT NULL, kind TEXT NOT NULL, bad INTEGER NOT NULL, streak INTEGER NOT NULL,
    since TEXT NOT NULL, PRIMARY KEY (source, kind)
) WITHOUT ROWID;
CREATE INDEX slots_open ON slots(job, due_at) WHERE state IN ('due', 'running');
ALTER TABLE digests ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE digests ADD COLUMN after_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE digests ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE digests ADD COLUMN until_at TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX digests_by_place ON digests(place);
CREATE VIEW v_digests AS
    SELECT day, place, after_change, last_change, until_at AS until, recorded_at AS recorded, head, body
    FROM digests;
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY, channel TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL,
    queued_at TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_try TEXT, sent_at TEXT, error TEXT,
    remaining TEXT, UNIQUE (channel, subject)
);
CREATE TABLE channels (name TEXT PRIMARY KEY, since TEXT NOT NULL, change_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX deliveries_open ON deliveries(channel, next_try) WHERE state IN ('waiting', 'sending');
CREATE VIEW v_deliveries AS
    SELECT id, channel, subject, state, queued_at AS queued, tries, next_try, sent_at AS sent, error
    FROM deliveries;
CREATE VIEW v_troubles AS
    SELECT id, source, kind, detail, began_at AS began, ended_at AS ended FROM troubles;
CREATE TABLE troubles (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL,
    began_at TEXT NOT NULL, ended_at TEXT, UNIQUE (source, kind, began_at)
);
CREATE UNIQUE INDEX troubles_open ON troubles(source, kind) WHERE ended_at IS NULL;
CREATE TABLE seals (
    id INTEGER PRIMARY KEY, subject TEXT NOT NULL, row INTEGER NOT NULL, content BLOB NOT NULL,
    digest BLOB NOT NULL
);
CREATE INDEX seals_by_row ON seals(subject, row);
ALTER TABLE captures ADD COLUMN settled BLOB;
ALTER TABLE pages ADD COLUMN last_good TEXT;
ALTER TABLE pages ADD COLUMN last_body TEXT;
ALTER TABLE pages ADD COLUMN bodiless INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN last_change TEXT;
ALTER TABLE pages ADD COLUMN changes_timed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN changed_days REAL NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN changed_youth REAL NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN unchanged_days REAL NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN unchanged_youth REAL NOT NULL DEFAULT 0;
UPDATE pages SET last_good = last_visit WHERE good_body_id IS NOT NULL;
ALTER TABLE sources ADD COLUMN misled_since TEXT;
CREATE INDEX facts_windows ON facts(event) WHERE attribute = 'window';
CREATE INDEX changes_by_capture ON changes(capture_id);
CREATE INDEX facts_by_known ON facts(known_id);
CREATE INDEX known_by_baseline ON known(baseline_id) WHERE baseline_id IS NOT NULL;
CREATE TABLE robots (
    origin TEXT PRIMARY KEY, fetched_at TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE rests (host TEXT PRIMARY KEY, until TEXT NOT NULL) WITHOUT ROWID;
ALTER TABLE pages ADD COLUMN moved_to INTEGER REFERENCES pages(id);
ALTER TABLE pages ADD COLUMN continues INTEGER REFERENCES revisions(id);
CREATE INDEX pages_moved ON pages(moved_to) WHERE moved_to IS NOT NULL
""",
    )


@_STEPS()
def standing(db: Database) -> None:
    """What stands of each event, kept as it was worked out; more of what that was made of takes it back.

    And the statements that are found by their words though these wait to be written into the index.
    """
    _run(
        db,
        """
CREATE TABLE standing (
    event TEXT PRIMARY KEY, rules TEXT NOT NULL, facts TEXT NOT NULL, record TEXT NOT NULL
);
ALTER TABLE pages ADD COLUMN shown BLOB;
CREATE TRIGGER facts_added AFTER INSERT ON facts BEGIN
    DELETE FROM standing WHERE event = new.event; END;
CREATE TRIGGER facts_taken_back AFTER DELETE ON facts BEGIN
    DELETE FROM standing WHERE event = old.event; END;
CREATE TRIGGER beliefs_changed AFTER UPDATE ON known BEGIN
    DELETE FROM standing WHERE event IN (SELECT event FROM facts WHERE known_id = new.id); END;
CREATE TRIGGER changes_added AFTER INSERT ON changes BEGIN
    DELETE FROM standing WHERE event = new.event; END;
CREATE TRIGGER sightings_added AFTER INSERT ON sightings BEGIN
    DELETE FROM standing WHERE event = (SELECT event FROM changes WHERE id = new.change_id); END;
CREATE TRIGGER notes_added AFTER INSERT ON notes BEGIN
    DELETE FROM standing WHERE event = (SELECT event FROM changes WHERE id = new.change_id); END;
CREATE TABLE candidates_waiting (statement INTEGER PRIMARY KEY REFERENCES statements(id));
INSERT INTO candidate_index (candidate_index, rank) VALUES ('automerge', 2)
""",
    )


@_STEPS()
def learned(db: Database) -> None:
    """Of which captures a source's teasers were learned: a run that is taken up learns of later ones."""
    db.execute("ALTER TABLE sources ADD COLUMN teasers_through INTEGER NOT NULL DEFAULT 0")

"""reconnectd keeps closeness in view: routines in one file, a calendar both look at, a word at the right moment.

1. `reconnectd` is resident: `app.daemon` knows the occasions, `app.speaking` says the words. No network, ever.
2. A short-lived child, the sync worker (`app.sync`), pulls, merges, plans, pushes, writes SQLite and ends.
3. SQLite is the truth; the calendar is a replica that people may edit; a bubble on the screen is nothing.
4. The plan is stored: a row holds all that a bubble or `reconnect next` shows. Speaking acts from stored rows.
5. Everything is re-derived from config + SQLite + now, so that a restart or a suspend needs no special case.
6. `core` decides (values in, values out), `adapters` own one foreign thing each, `app` holds the use cases.
7. `cli` is the only room that prints; `wiring` composes; `config` turns TOML into values or into problems.
8. An occurrence is (routine, nominal local date[, n]) and keeps that name wherever it is moved.
9. Identity is computed, every write to a calendar is conditional: two devices make one event, and edits stay.
10. A state machine is one table in `core.lifecycle`; an error is one sentence and a next step in `errors`.
"""

__version__ = "0.2.0"

//! PostgreSQL as its users keep events: a table with unique stream and version, one row for each event.

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::{Client, NoTls, Statement};

use super::Engine;
use crate::RaceError;
use crate::postgres_server::Server;
use crate::record::Record;

/// The engine's name in errors.
const NAME: &str = "PostgreSQL";

/// One connection, many rows in a statement.
pub(crate) struct PostgresEngine {
    client: Client,
    insert: Statement,
}

/// One connection, one row and one commit at a time, through a function that checks the expected version.
pub(crate) struct Single {
    client: Client,
    append: Statement,
}

/// A table of views as cqrs-es keeps it: a row for each, loaded and written again for each event.
pub(crate) struct Views {
    client: Client,
    load: Statement,
    store: Statement,
}

fn connect(server: &Server) -> Result<Client, RaceError> {
    Client::connect(&server.address(), NoTls).map_err(|error| RaceError::of(NAME)(&error))
}

impl PostgresEngine {
    /// A connection to an empty table.
    pub(crate) fn create(server: &Server) -> Result<Self, RaceError> {
        let mut client = connect(server)?;
        let prepared = client
            .batch_execute(
                "DROP TABLE IF EXISTS events;
                 CREATE TABLE events (
                     position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream TEXT NOT NULL,
                     version BIGINT NOT NULL, id UUID NOT NULL UNIQUE, body JSONB NOT NULL, UNIQUE (stream, version));
                 CREATE OR REPLACE FUNCTION append(s TEXT, expected BIGINT, i TEXT, b TEXT) RETURNS BIGINT
                 LANGUAGE plpgsql AS $$
                 DECLARE present BIGINT; placed BIGINT;
                 BEGIN
                     SELECT max(version) INTO present FROM events WHERE stream = s;
                     IF coalesce(present, -1) <> expected - 1 THEN
                         RAISE EXCEPTION 'stream % is at %, not at %', s, present, expected;
                     END IF;
                     INSERT INTO events (stream, version, id, body) VALUES (s, expected, i::uuid, b::jsonb)
                     RETURNING position INTO placed;
                     RETURN placed;
                 END $$;",
            )
            .and_then(|()| {
                client.prepare(
                    "INSERT INTO events (stream, version, id, body)
                     SELECT s, v, i::uuid, b::jsonb
                     FROM unnest($1::text[], $2::int8[], $3::text[], $4::text[]) AS rows (s, v, i, b)",
                )
            });
        let insert = prepared.map_err(|error| RaceError::of(NAME)(&error))?;
        Ok(Self { client, insert })
    }

    /// Reads the bodies as texts in order, through a cursor of the wire protocol.
    pub(crate) fn bodies(&mut self, each: &mut dyn FnMut(&str)) -> Result<u64, RaceError> {
        let none: [i32; 0] = [];
        let mut read = |client: &mut Client| -> Result<u64, postgres::Error> {
            let mut rows = client.query_raw("SELECT body::text FROM events ORDER BY position", none)?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                each(row.try_get(0)?);
                count += 1;
            }
            Ok(count)
        };
        read(&mut self.client).map_err(|error| RaceError::of(NAME)(&error))
    }
}

impl Engine for PostgresEngine {
    fn append(&mut self, batch: &[Record]) -> Result<(), RaceError> {
        let streams: Vec<&str> = batch.iter().map(|record| record.stream.as_str()).collect();
        let versions: Vec<i64> = batch.iter().map(|record| i64::try_from(record.version).unwrap_or(i64::MAX)).collect();
        let ids: Vec<String> = batch.iter().map(|record| record.id.to_string()).collect();
        let bodies: Vec<&str> =
            batch.iter().map(|record| std::str::from_utf8(&record.bytes).unwrap_or_default()).collect();
        let stored = self.client.execute(&self.insert, &[&streams, &versions, &ids, &bodies]);
        stored.map(drop).map_err(|error| RaceError::of(NAME)(&error))
    }

    fn scan(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<u64, RaceError> {
        self.bodies(&mut |body| each(body.as_bytes()))
    }
}

impl Views {
    /// A connection to an empty table. A view that a crash loses can be made again, so that its commits need not wait
    /// for the device.
    pub(crate) fn create(server: &Server) -> Result<Self, RaceError> {
        let prepare = |client: &mut Client| {
            client.batch_execute(
                "SET synchronous_commit = off;
                 DROP TABLE IF EXISTS views;
                 CREATE TABLE views (view_id TEXT PRIMARY KEY, version BIGINT NOT NULL, payload JSON NOT NULL);",
            )?;
            let load = client.prepare("SELECT version, payload::text FROM views WHERE view_id = $1")?;
            let store = client.prepare(
                "INSERT INTO views (view_id, version, payload) VALUES ($1, $2, $3::text::json)
                 ON CONFLICT (view_id) DO UPDATE SET version = $2, payload = $3::text::json",
            )?;
            Ok((load, store))
        };
        let mut client = connect(server)?;
        let (load, store) = prepare(&mut client).map_err(|error: postgres::Error| RaceError::of(NAME)(&error))?;
        Ok(Self { client, load, store })
    }

    /// Loads a view and writes what comes of it; gives how long the loaded one was.
    pub(crate) fn update(&mut self, id: &str, payload: &str) -> Result<usize, RaceError> {
        let mut step = || -> Result<usize, postgres::Error> {
            let loaded = self.client.query_opt(&self.load, &[&id])?;
            let (version, length) = match loaded {
                Some(row) => (row.try_get::<_, i64>(0)? + 1, row.try_get::<_, &str>(1)?.len()),
                None => (1, 0),
            };
            self.client.execute(&self.store, &[&id, &version, &payload])?;
            Ok(length)
        };
        step().map_err(|error| RaceError::of(NAME)(&error))
    }
}

impl Single {
    /// A connection of its own; the table must be there.
    pub(crate) fn connect(server: &Server) -> Result<Self, RaceError> {
        let mut client = connect(server)?;
        let append = client.prepare("SELECT append($1, $2, $3, $4)").map_err(|error| RaceError::of(NAME)(&error))?;
        Ok(Self { client, append })
    }

    /// Stores one event; it is durable when this returns.
    pub(crate) fn append(&mut self, record: &Record) -> Result<(), RaceError> {
        let version = i64::try_from(record.version).unwrap_or(i64::MAX);
        let body = std::str::from_utf8(&record.bytes).unwrap_or_default();
        let stored = self.client.execute(&self.append, &[&record.stream, &version, &record.id.to_string(), &body]);
        stored.map(drop).map_err(|error| RaceError::of(NAME)(&error))
    }
}

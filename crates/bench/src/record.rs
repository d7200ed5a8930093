//! What is stored: an event of a stream with its version there, as an event store is given it.

use uuid::Uuid;

/// One event to store.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// The stream.
    pub(crate) stream: String,
    /// Its place in the stream, from 0.
    pub(crate) version: u64,
    /// Its own id, which must not be stored twice.
    pub(crate) id: Uuid,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

impl Record {
    /// The first event of a stream that nobody else writes, about as long as the ledger's entry for the same command.
    pub(crate) fn first_of(submitter: usize, number: u64) -> Self {
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{submitter}/{number}").as_bytes());
        let bytes = format!(
            "{{\"actor\":{{\"kind\":\"operator\"}},\"command\":{{\"domain\":\"customer{number}.submitter{submitter}.example\",\
             \"name\":\"Customer {number} of submitter {submitter}\",\"tenant_type\":\"organisation\",\"type\":\
             \"RegisterCustomer\"}},\"command_id\":\"{id}\",\"customer\":\"{id}\",\"events\":[{{\"domain\":\
             \"customer{number}.submitter{submitter}.example\",\"name\":\"Customer {number} of submitter {submitter}\",\
             \"tenant_type\":\"organisation\",\"type\":\"CustomerRegistered\"}}],\"policy\":{{\"cloud\":\"china21vianet\",\
             \"version\":3}},\"position\":{number},\"read\":[{{\"stream\":\"customer/{id}\",\"version\":0}}],\
             \"recorded_at\":\"2026-01-01T00:00:00.0000000Z\",\"request_hash\":\"{0}{0}\",\"streams\":[{{\"previous\":\
             \"\",\"stream\":\"customer/{id}\",\"version\":0}}]}}",
            id.simple()
        );
        Self { stream: format!("customer/{id}"), version: 0, id, bytes: bytes.into_bytes() }
    }
}

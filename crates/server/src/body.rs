//! The body of a request, read within limits of size and time; what keeps it from being read whole is told by a status
//! of its own.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, HeaderMap};
use futures_core::Stream as _;
use tokio::time::timeout;

use crate::limits::Limits;
use crate::problem::Problem;

/// A body that comes piece by piece.
pub(crate) struct Incoming {
    pieces: BodyDataStream,
    bytes: usize,
    bytes_max: usize,
}

/// The headers of a request, and all of its body.
pub(crate) async fn whole(
    request: Request,
    bytes_max: usize,
    limits: &Limits,
) -> Result<(HeaderMap, Vec<u8>), Problem> {
    let (headers, body) = Incoming::of(request, bytes_max)?;
    Ok((headers, body.whole(limits.body_time).await?))
}

impl Incoming {
    /// The headers of a request, and its body, which may have so many bytes.
    pub(crate) fn of(request: Request, bytes_max: usize) -> Result<(HeaderMap, Self), Problem> {
        let (head, body) = request.into_parts();
        // What is packed could be any number of times as long as it is sent.
        if head.headers.get_all(CONTENT_ENCODING).iter().any(|encoding| encoding != "identity") {
            return Err(Problem::media("it is, without `Content-Encoding`"));
        }
        Ok((head.headers, Self::within(body, bytes_max)?))
    }

    fn within(body: Body, bytes_max: usize) -> Result<Self, Problem> {
        // A length that is told need not be waited for.
        if body.size_hint().lower() > bytes_max as u64 {
            return Err(Problem::too_large(bytes_max));
        }
        Ok(Self { pieces: body.into_data_stream(), bytes: 0, bytes_max })
    }

    /// The next piece, which has to come within a time; none behind the last.
    pub(crate) async fn next(&mut self, time: Duration) -> Result<Option<Bytes>, Problem> {
        let next = poll_fn(|context| Pin::new(&mut self.pieces).poll_next(context));
        let Some(piece) = timeout(time, next).await.map_err(|_| Problem::slow_body())? else { return Ok(None) };
        let piece = piece.map_err(|_| Problem::malformed("the body", &"it breaks off, or its parts are none"))?;
        self.bytes = self.bytes.saturating_add(piece.len());
        if self.bytes > self.bytes_max {
            return Err(Problem::too_large(self.bytes_max));
        }
        Ok(Some(piece))
    }

    /// All of it, which has to come within a time.
    pub(crate) async fn whole(mut self, time: Duration) -> Result<Vec<u8>, Problem> {
        let gathered = async {
            let mut whole = Vec::new();
            while let Some(piece) = self.next(time).await? {
                whole.extend_from_slice(&piece);
            }
            Ok(whole)
        };
        timeout(time, gathered).await.unwrap_or_else(|_| Err(Problem::slow_body()))
    }
}

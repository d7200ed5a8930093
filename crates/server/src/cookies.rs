//! What a browser keeps for this server: two cookies (RFC 6265bis), which no script reads and no other host gets.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use crate::shared::Shared;

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By TLS, to this server or to a proxy before it.
    Private,
    /// In the open, as on the own machine.
    Open,
}

/// A cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A session. It comes with requests that pages of this server make, and with no others.
    Session,
    /// That a login was begun here. It comes also when the identity provider leads back.
    Login,
}

impl Way {
    /// How a request came. A proxy that says so of a request in the open has the cookies kept more carefully, and
    /// whoever says so falsely is not signed in.
    pub(crate) fn of(shared: &Shared, headers: &HeaderMap) -> Self {
        let by_proxy = headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes() == b"https");
        if shared.speaks_tls || by_proxy { Self::Private } else { Self::Open }
    }
}

impl Cookie {
    /// The name, by which a browser that knows the prefix takes it from this very host over TLS alone.
    fn name(self, way: Way) -> &'static str {
        match (self, way) {
            (Self::Session, Way::Private) => "__Host-ofrecord",
            (Self::Session, Way::Open) => "ofrecord",
            (Self::Login, Way::Private) => "__Host-ofrecord-login",
            (Self::Login, Way::Open) => "ofrecord-login",
        }
    }

    /// What a request shows, where it shows it once: of two, one may have been planted.
    pub(crate) fn shown(self, headers: &HeaderMap, way: Way) -> Option<&str> {
        let texts = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
        let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut own = pairs.filter(|(name, _)| *name == self.name(way)).map(|(_, value)| value);
        own.next().filter(|_| own.next().is_none())
    }

    /// The header by which the browser keeps a text.
    pub(crate) fn kept(self, text: &str, way: Way, seconds: u64) -> String {
        let site = match self {
            Self::Session => "Strict",
            Self::Login => "Lax",
        };
        let secure = match way {
            Way::Private => "; Secure",
            Way::Open => "",
        };
        let name = self.name(way);
        format!("{name}={text}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={site}{secure}")
    }

    /// The header by which it is forgotten.
    pub(crate) fn forgotten(self, way: Way) -> String {
        self.kept("", way, 0)
    }
}

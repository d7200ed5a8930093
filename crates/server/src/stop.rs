//! A request to stop: it is asked for once, and everybody who waits for it hears it.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks a server to stop. Cheap to clone; all clones ask the same server.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Asks for it. Nothing more is accepted, and what was accepted is answered. It does not block.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is asked for.
    pub(crate) async fn asked(&self) {
        let mut heard = self.0.subscribe();
        // The sender is held here, so waiting ends by being asked and by nothing else.
        drop(heard.wait_for(|asked| *asked).await);
    }
}

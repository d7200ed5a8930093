//! The standard output: buffered, written once, and quiet when its reader has gone away.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;

use crate::failure::Failure;
use crate::session::Colour;

/// Bytes gathered before they are written.
const BUFFER_BYTES: usize = 64 * 1024;

/// The standard output.
pub(crate) struct Output {
    to: BufWriter<Stdout>,
    colour: Colour,
}

impl Output {
    /// Takes the standard output.
    pub(crate) fn new(colour: Colour) -> Self {
        Self { to: BufWriter::with_capacity(BUFFER_BYTES, io::stdout()), colour }
    }

    /// Whether it takes colours.
    pub(crate) fn colour(&self) -> Colour {
        self.colour
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())?;
        self.bytes(b"\n")
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn json<T: Serialize>(&mut self, value: &T) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.to, value).map_err(|error| Failure::Output(error.into()))?;
        self.bytes(b"\n")
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.to.write_all(bytes).map_err(Failure::Output)
    }

    /// Hands everything to the reader.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.to.flush().map_err(Failure::Output)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

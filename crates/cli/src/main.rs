//! The `ofrecord` binary: reads its arguments, runs one command, and turns what came of it into an exit code.

use std::process::ExitCode;

mod arguments;
mod commands;
mod configuration;
mod custody;
mod disclosure;
mod failure;
mod http;
mod inquiry;
mod interrupt;
mod lines;
mod notary;
mod open;
mod output;
mod pipeline;
mod progress;
mod remote;
mod render;
mod scratch;
mod session;
mod trace;
mod watching;
mod whole_file;

use crate::arguments::Arguments;
use crate::session::Session;

/// Decoding and folding allocate small pieces all the time, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (Arguments { global, command }, settings) = configuration::arguments();
    let tracing = trace::start(global.verbose, command.traces());
    let session = Session::new(global, settings);
    let code = match command.run(&session) {
        Ok(verdict) => verdict.exit_code(),
        Err(failure) => session.tell_failure(&failure),
    };
    tracing.end();
    code
}

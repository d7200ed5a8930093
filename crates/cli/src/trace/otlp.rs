//! Spans of a server, sent to a collector by the protocol of OpenTelemetry (OTLP over HTTP, protobuf).
//!
//! They are gathered on a thread beside the requests, in a queue that has an end: where the collector does not answer,
//! spans are dropped, and no request waits.

use std::env;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Metadata;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Layer;

use crate::http::{self, Trust};

/// How long the last spans are waited for at the end.
const END_TIME: Duration = Duration::from_secs(3);
/// Where spans go below the address of a collector.
const PATH: &str = "/v1/traces";
/// What the service is called where nothing else is said.
const SERVICE: &str = "ofrecord";
/// Whose spans are sent: those of requests, and of what is done for them.
const TARGETS: [&str; 2] = ["ofrecord_server", "ofrecord_ledger"];

/// Where spans are sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct Traces {
    /// Send a span of each request to the collector at this address (OpenTelemetry, OTLP over HTTP); without it, none
    ///
    /// The other variables of OpenTelemetry hold too, such as OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS.
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide_env_values = true)]
    #[arg(value_parser = address)]
    otlp_endpoint: Option<String>,
}

/// Reads the address of a collector.
fn address(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    if rest.is_empty() || rest.contains(char::is_whitespace) || rest.contains('@') {
        return Err("write one such as http://127.0.0.1:4318; OTEL_EXPORTER_OTLP_HEADERS says who sends".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

impl Traces {
    /// The address at which spans are taken, where they are sent.
    fn url(&self) -> Option<String> {
        let of_traces = env::var("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").ok().filter(|url| !url.is_empty());
        let is_off = env::var("OTEL_SDK_DISABLED").is_ok_and(|word| word.eq_ignore_ascii_case("true"));
        let url = of_traces.or_else(|| self.otlp_endpoint.as_ref().map(|url| format!("{url}{PATH}")));
        url.filter(|_| !is_off)
    }
}

/// Spans that are being gathered. What was not sent yet is sent when it is dropped, as far as there is time.
pub(super) struct Collected(SdkTracerProvider);

impl Collected {
    /// Gathers for a collector; none where none is named, or where it cannot be.
    pub(super) fn by(traces: &Traces, trust: &Trust) -> Option<Self> {
        let client = Client { trust: trust.clone(), is_down: Arc::default() };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_http_client(client)
            .with_endpoint(traces.url()?)
            .build();
        let exporter = exporter.map_err(|error| tracing::error!(%error, "no traces are sent")).ok()?;
        let own = Resource::builder();
        let is_named = ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"].iter().any(|name| env::var(name).is_ok());
        let own = if is_named { own } else { own.with_service_name(SERVICE) };
        Some(Self(SdkTracerProvider::builder().with_resource(own.build()).with_batch_exporter(exporter).build()))
    }

    /// What takes the spans.
    pub(super) fn layer(&self) -> impl Layer<Registry> + use<> {
        let tracer = self.0.tracer(SERVICE);
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        let layer = layer.with_location(false).with_threads(false).with_target(false).with_tracked_inactivity(false);
        layer.with_filter(filter_fn(|metadata: &Metadata<'_>| {
            metadata.is_span() && TARGETS.iter().any(|target| metadata.target().starts_with(target))
        }))
    }
}

impl Drop for Collected {
    fn drop(&mut self) {
        // What could not be sent has been told when it failed.
        drop(self.0.shutdown_with_timeout(END_TIME));
    }
}

/// What asks the collector, on the thread that gathers.
#[derive(Debug)]
struct Client {
    trust: Trust,
    is_down: Arc<AtomicBool>,
}

impl Client {
    /// Tells once that the collector does not answer, and once that it does again.
    fn tell(&self, failure: Option<&str>) {
        let was_down = self.is_down.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(problem) if !was_down => tracing::error!(problem, "traces are not taken by the collector"),
            None if was_down => tracing::info!("traces are taken by the collector again"),
            Some(_) | None => {}
        }
    }
}

impl HttpClient for Client {
    fn send_bytes<'a, 'sent>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'a: 'sent,
        Self: 'sent,
    {
        Box::pin(async move {
            let answer = http::send(request.map(|bytes| bytes.to_vec()), &self.trust);
            let failure = match &answer {
                Ok(answer) if answer.status().is_success() => None,
                Ok(answer) => Some(format!("it answers with status {}", answer.status())),
                Err(error) => Some(error.to_string()),
            };
            self.tell(failure.as_deref());
            Ok(answer?.map(Bytes::from))
        })
    }
}

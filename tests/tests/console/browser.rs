//! A browser that is driven over WebDriver (W3C): Chromium by its own driver, without a window.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::panic::{catch_unwind, panic_any, resume_unwind};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use ofrecord_acceptance::programs;
use serde_json::{Value, json};

/// The key under which WebDriver gives elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How often a page is looked at before it is given up.
const LOOKS_MAX: usize = 2_000;
/// How long it is left alone between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// How long the driver lets a page load and a script run before it answers that they do not end, in milliseconds.
const PAGE_MILLIS: u64 = 60_000;
/// How long the driver itself is waited for: one that says nothing for so long says nothing any more.
const DRIVER_TIME: Duration = Duration::from_millis(2 * PAGE_MILLIS);
/// How long it is waited for when it is only asked to end the browser.
const END_TIME: Duration = Duration::from_secs(10);
/// How often a journey is begun whose driver falls silent.
const JOURNEYS_MAX: usize = 3;

/// The driver answers nothing any more, not even that a page does not load: this says nothing of what is tested.
struct Silent;

/// Makes a journey, and makes it again from its beginning where the driver of its browser fell silent.
pub(crate) fn journey(made: fn()) {
    for left in (0..JOURNEYS_MAX).rev() {
        match catch_unwind(made) {
            Ok(()) => return,
            Err(cause) if left > 0 && cause.is::<Silent>() => {
                // Printed past the test's capture: what had to be done twice must not look like what went well at once.
                writeln!(io::stderr(), "the driver of the browser fell silent; the journey begins again")
                    .unwrap_or_default();
            }
            Err(cause) => resume_unwind(cause),
        }
    }
}

/// Keys that are no characters, as WebDriver spells them.
pub(crate) struct Keys;

impl Keys {
    pub(crate) const ENTER: &str = "\u{E007}";
    pub(crate) const HOME: &str = "\u{E011}";
    pub(crate) const TAB: &str = "\u{E004}";
}

/// A browser, until it is dropped.
pub(crate) struct Browser {
    driver: Child,
    /// Held, so that the driver can go on saying what it does.
    _said: BufReader<ChildStdout>,
    port: u16,
    session: String,
}

impl Browser {
    /// Starts one with a profile of its own.
    pub(crate) fn start(profile: &Path) -> Self {
        // In a group of its own, with the browser, so that both can be ended when neither answers.
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let (port, said) = programs::begun(&mut driver, |line| {
            let (_, port) = line.rsplit_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        })
        .unwrap();
        let mut browser = Self { driver, _said: said, port, session: String::new() };
        let profile = format!("--user-data-dir={}", profile.display());
        let words = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,1000", &profile];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": words},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"pageLoad": PAGE_MILLIS, "script": PAGE_MILLIS},
        }}});
        let begun = browser.asked("POST", "/session", &wanted);
        browser.session = begun["sessionId"].as_str().unwrap().to_owned();
        browser
    }

    /// Opens a page, and waits until it is there.
    pub(crate) fn open(&self, url: &str) {
        self.told("url", &json!({ "url": url }));
    }

    /// The title of the page.
    pub(crate) fn title(&self) -> String {
        self.read("title")
    }

    /// Looks until the address of the page holds a text.
    pub(crate) fn until_at(&self, part: &str) {
        Self::until(part, || self.read("url"), |found| found.contains(part));
    }

    /// Looks until the page has a title.
    pub(crate) fn until_titled(&self, title: &str) {
        Self::until(title, || self.title(), |found| found == title);
    }

    fn until(wanted: &str, look: impl Fn() -> String, is_it: impl Fn(&str) -> bool) {
        let mut found = String::new();
        for _ in 0..LOOKS_MAX {
            found = look();
            if is_it(&found) {
                return;
            }
            thread::park_timeout(LOOK_PAUSE);
        }
        panic!("{wanted} was not reached from {found}");
    }

    /// The text of what a selector names, as it is seen.
    pub(crate) fn text(&self, selector: &str) -> String {
        let element = self.element(selector);
        self.read(&format!("element/{element}/text"))
    }

    /// Clicks on what a selector names.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.told(&format!("element/{element}/click"), &json!({}));
    }

    /// Types into what a selector names.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.told(&format!("element/{element}/value"), &json!({ "text": text }));
    }

    /// Runs a script in the page, which the policy of the page does not hinder.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.told("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script that says by its first argument that it is done, and with what.
    pub(crate) fn run_and_wait(&self, script: &str) -> Value {
        self.told("execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Has pages drawn in `light` or `dark` colours.
    pub(crate) fn prefer(&self, colours: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": colours }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Has pages be of this width and height, as on a phone.
    pub(crate) fn wide(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Has pages look as they do when they are printed.
    pub(crate) fn on_paper(&self) {
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// Has pages run no script from here on.
    pub(crate) fn without_script(&self) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// What the browser complained about: what was blocked, missing or wrong.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let lines = self.told("se/log", &json!({ "type": "browser" }));
        let severe = lines.as_array().unwrap().iter().filter(|line| line["level"] == "SEVERE");
        severe.map(|line| line["message"].to_string()).collect()
    }

    fn devtools(&self, command: &str, parameters: &Value) {
        self.told("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
    }

    fn element(&self, selector: &str) -> String {
        let found = self.told("element", &json!({ "using": "css selector", "value": selector }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    fn path(&self, rest: &str) -> String {
        format!("/session/{}/{rest}", self.session)
    }

    /// A text that the driver is asked for.
    fn read(&self, rest: &str) -> String {
        self.asked("GET", &self.path(rest), &Value::Null).as_str().unwrap().to_owned()
    }

    fn told(&self, rest: &str, body: &Value) -> Value {
        self.asked("POST", &self.path(rest), body)
    }

    /// What the driver answers; an error of it ends the test.
    fn asked(&self, method: &str, path: &str, body: &Value) -> Value {
        let value = match self.sent(method, path, body, DRIVER_TIME) {
            Ok(value) => value,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => panic_any(Silent),
            Err(error) => panic!("{method} {path}: the driver of the browser: {error}"),
        };
        assert!(value.get("error").is_none(), "{method} {path}: {value:#}");
        value
    }

    fn sent(&self, method: &str, path: &str, body: &Value, time: Duration) -> io::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (port, length) = (self.port, body.len());
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(time))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes())?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().map_err(io::Error::other)?;
                }
                None if line.trim().is_empty() => break,
                Some(_) | None => {}
            }
        }
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes)?;
        let mut answer: Value = serde_json::from_slice(&bytes)?;
        Ok(answer["value"].take())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the browser with its session; a browser that is gone already needs no end.
        drop(self.sent("DELETE", &format!("/session/{}", self.session), &Value::Null, END_TIME));
        programs::signal("KILL", &format!("-{}", self.driver.id())).unwrap();
        self.driver.wait().unwrap();
    }
}

#[test]
fn a_journey_begins_again_where_the_driver_fell_silent_and_only_there() {
    static BEGUN: AtomicUsize = AtomicUsize::new(0);
    journey(|| {
        if BEGUN.fetch_add(1, Ordering::SeqCst) + 1 < JOURNEYS_MAX {
            panic_any(Silent);
        }
    });
    assert_eq!(BEGUN.load(Ordering::SeqCst), JOURNEYS_MAX);
    assert!(catch_unwind(|| journey(|| panic!("of its own"))).is_err());
    assert!(catch_unwind(|| journey(|| panic_any(Silent))).is_err(), "it is given up in the end");
}

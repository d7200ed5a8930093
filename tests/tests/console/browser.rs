//! A browser that is driven over WebDriver (W3C): Chromium by its own driver, without a window.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The key under which WebDriver gives elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How often a page is looked at before it is given up.
const LOOKS_MAX: usize = 2_000;

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
        let mut driver =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(driver.stdout.take().unwrap());
        let port = said.by_ref().lines().map(Result::unwrap).find_map(|line| {
            let (_, port) = line.rsplit_once("successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let mut browser = Self { driver, _said: said, port: port.unwrap(), session: String::new() };
        let profile = format!("--user-data-dir={}", profile.display());
        let words = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,1000", &profile];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": words},
            "goog:loggingPrefs": {"browser": "ALL"},
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
        self.asked("GET", &self.path("title"), &Value::Null).as_str().unwrap().to_owned()
    }

    /// Looks until the address of the page holds a text.
    pub(crate) fn until_at(&self, part: &str) {
        let mut url = String::new();
        for _ in 0..LOOKS_MAX {
            url = self.asked("GET", &self.path("url"), &Value::Null).as_str().unwrap().to_owned();
            if url.contains(part) {
                return;
            }
        }
        panic!("{part} was not reached from {url}");
    }

    /// Looks until the page has a title.
    pub(crate) fn until_titled(&self, title: &str) {
        let mut found = String::new();
        for _ in 0..LOOKS_MAX {
            found = self.title();
            if found == title {
                return;
            }
        }
        panic!("{title} was not reached from {found}");
    }

    /// The text of what a selector names, as it is seen.
    pub(crate) fn text(&self, selector: &str) -> String {
        let element = self.element(selector);
        let path = self.path(&format!("element/{element}/text"));
        self.asked("GET", &path, &Value::Null).as_str().unwrap().to_owned()
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

    fn told(&self, rest: &str, body: &Value) -> Value {
        self.asked("POST", &self.path(rest), body)
    }

    /// What the driver answers; an error of it ends the test.
    fn asked(&self, method: &str, path: &str, body: &Value) -> Value {
        let value = self.sent(method, path, body).unwrap();
        assert!(value.get("error").is_none(), "{method} {path}: {value:#}");
        value
    }

    fn sent(&self, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (port, length) = (self.port, body.len());
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
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
        drop(self.sent("DELETE", &format!("/session/{}", self.session), &Value::Null));
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }
}

//! Time stamps of checkpoints, by `openssl ts` as the authority: over HTTP and with files, and what is refused.
//!
//! Without `openssl` they are left out and said so, except in CI, where they fail.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use ofrecord_acceptance::programs::{left_out, python, run};
use ofrecord_acceptance::signed::{TODAY, grow, said};
use ofrecord_acceptance::stage::Stage;
use ofrecord_acceptance::workspace;

const CONFIGURATION: &str = "\
[authority]
serial = serial
signer_cert = authority.crt
signer_key = authority.key
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
";

/// An authority in the folder `authority` of a stage, with a certificate of its own.
struct Authority(PathBuf);

impl Authority {
    fn new(stage: &Stage) -> Result<Self, String> {
        let folder = stage.folder().join("authority");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("authority.cnf"), CONFIGURATION).unwrap();
        fs::write(folder.join("serial"), "01\n").unwrap();
        let authority = Self(folder);
        authority.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "authority.key",
            "-out",
            "authority.crt",
            "-days",
            "30",
            "-subj",
            "/CN=authority",
            "-addext",
            "extendedKeyUsage=critical,timeStamping",
        ])?;
        Ok(authority)
    }

    fn openssl(&self, arguments: &[&str]) -> Result<String, String> {
        run(Command::new("openssl").args(arguments).current_dir(&self.0))
    }

    fn reply(&self, request: &[u8]) -> Vec<u8> {
        fs::write(self.0.join("request"), request).unwrap();
        let arguments = ["ts", "-reply", "-config", "authority.cnf", "-section", "authority", "-queryfile", "request"];
        self.openssl(&[&arguments[..], &["-out", "reply"]].concat()).unwrap();
        fs::read(self.0.join("reply")).unwrap()
    }

    /// Answers one request over HTTP.
    fn answer(&self, mut stream: &TcpStream) {
        let mut bytes = Vec::new();
        let mut buffer = [0; 1_024];
        loop {
            let read = stream.read(&mut buffer).unwrap();
            bytes.extend(buffer.iter().take(read));
            let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(bytes.get(..end).unwrap()).to_ascii_lowercase();
            assert!(head.contains("content-type: application/timestamp-query"), "{head}");
            let length =
                head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse::<usize>().unwrap();
            let Some(request) = bytes.get(end + 4..end + 4 + length) else { continue };
            let reply = self.reply(request);
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", reply.len()).unwrap();
            stream.write_all(&reply).unwrap();
            return;
        }
    }
}

/// A ledger of five entries with a checkpoint, and an authority; none without `openssl`.
fn desk(test: &str) -> Option<(Stage, Authority)> {
    let stage = Stage::with_ledger();
    grow(&stage, 0..4);
    stage.write("checkpoint", said(&stage, &["checkpoint"]));
    let text: String = said(&stage, &["checkpoint"]).lines().take(3).map(|line| format!("{line}\n")).collect();
    stage.write("text", text);
    match Authority::new(&stage) {
        Ok(authority) => Some((stage, authority)),
        Err(reason) => {
            left_out(test, &reason);
            None
        }
    }
}

fn refused(stage: &Stage, arguments: &[&str], code: i32, said: &str) {
    let ran = stage.ran(&[&["anchor", "--clock", TODAY], arguments].concat(), b"");
    assert!(ran.stderr.contains(said), "{}", ran.shown());
    ran.must_exit(code);
}

/// Checks a reply by both programs, with a text that may be another.
fn verified(stage: &Stage, text: &str, reply: &Path) -> [Option<Result<String, String>>; 2] {
    let certificate = stage.folder().join("authority/authority.crt");
    let mut openssl = Command::new("openssl");
    openssl.args(["ts", "-verify", "-data"]).arg(stage.folder().join(text)).arg("-in").arg(reply);
    let by_openssl = run(openssl.arg("-CAfile").arg(&certificate));
    if let Err(reason) = run(Command::new(python()).args(["-c", "import rfc3161_client"])) {
        left_out("rfc3161-client", &reason);
        return [Some(by_openssl), None];
    }
    let script = workspace::root().join("tests/foreign/stamp.py");
    let mut client = Command::new(python());
    client.arg("-B").arg(script).arg(stage.folder().join(text)).arg(reply).arg(certificate);
    [Some(by_openssl), Some(run(&mut client))]
}

#[test]
fn a_checkpoint_is_stamped_over_http_and_the_ledger_says_so() {
    let Some((stage, authority)) = desk("a_checkpoint_is_stamped_over_http_and_the_ledger_says_so") else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsr", listener.local_addr().unwrap());
    let told = std::thread::scope(|scope| {
        scope.spawn(|| authority.answer(&listener.accept().unwrap().0));
        said(&stage, &["anchor", "--authority", &url, "--by", "kim"])
    });
    assert!(told.contains("tree size") && told.contains(&url), "{told}");
    let reply = stage.folder().join("ledger/checkpoints/00000000000000000005.tsr");
    stage.write("other", "another text\n");
    for good in verified(&stage, "text", &reply).into_iter().flatten() {
        good.unwrap();
    }
    for bad in verified(&stage, "other", &reply).into_iter().flatten() {
        bad.unwrap_err();
    }
    let entries = said(&stage, &["export", "--from", "5"]);
    assert!(entries.contains("\"TimeAnchored\"") && entries.contains("\"user\":\"kim\""), "{entries}");
    assert!(entries.contains("\"tree_size\":5") && entries.contains(&url), "{entries}");
    assert!(said(&stage, &["checkpoint", "--newest"]).contains("\n5\n"), "a reply beside it is no checkpoint");
    refused(&stage, &["--authority", "http://127.0.0.1:1/tsr"], 1, "ask http://127.0.0.1:1");
}

#[test]
fn a_stamp_is_taken_from_files_for_the_request_that_was_made_and_no_other() {
    let test = "a_stamp_is_taken_from_files_for_the_request_that_was_made_and_no_other";
    let Some((stage, authority)) = desk(test) else { return };
    said(&stage, &["anchor", "--request", "tsq"]);
    let request = fs::read(stage.folder().join("tsq")).unwrap();
    let reply = authority.reply(&request);
    stage.write("tsr", &reply);
    // Of another text, and for another request.
    let mut other = request;
    *other.get_mut(30).unwrap() ^= 1;
    stage.write("of-other", authority.reply(&other));
    stage.write("spoiled", reply.get(..reply.len() - 1).unwrap());
    stage.write("for-nothing", other);
    let files = |request, response| ["--request", request, "--response", response, "--authority", "a.example"];
    refused(&stage, &files("tsq", "of-other"), 1, "for bytes with the hash");
    refused(&stage, &files("tsq", "spoiled"), 1, "of RFC 3161 in DER");
    refused(&stage, &files("tsr", "tsr"), 1, "a TimeStampReq");
    refused(&stage, &files("for-nothing", "tsr"), 1, "no checkpoint that is kept");
    refused(&stage, &["--response", "tsr", "--authority", "a.example"], 2, "--request");
    refused(&stage, &["--request", "tsq", "--response", "tsr"], 2, "--authority");
    assert_eq!(said(&stage, &["export", "--from", "5"]), "", "nothing was recorded");
    for name in ["00000000000000000005.tsr", "00000000000000000005-2.tsr"] {
        said(&stage, &[&["anchor"], &files("tsq", "tsr")[..]].concat());
        assert_eq!(fs::read(stage.folder().join("ledger/checkpoints").join(name)).unwrap(), reply);
    }
}

//! A small device that can be filled.

use std::path::Path;
use std::process::Command;

/// A small file system in memory, unmounted at the end.
pub(crate) struct Small(tempfile::TempDir);

impl Small {
    /// Mounts one, which needs root; none, saying so, where that is not allowed.
    pub(crate) fn mounted(mebibytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "ofrecord-test"]).arg(folder.path());
        let output = mount.output().ok()?;
        if !output.status.success() {
            println!("skipped: no file system can be mounted: {}", String::from_utf8_lossy(&output.stderr).trim());
            return None;
        }
        Some(Self(folder))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).output());
    }
}

//! The pages in a real browser: read, searched and followed, at the widths of phones and desks, in the dark, by keyboard
//! alone. Without Chromium and ChromeDriver (Debian: chromium, chromium-driver) these tests say that they are skipped;
//! `.ci/run` installs them. It also fetches axe-core, which looks for what keeps people from reading a page.

mod dashboard;
mod driver;
mod reading;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::fakes::clock::pause;
use crate::ground::Ground;

/// The program, serving pages that a browser can reach.
pub(crate) struct Site {
    ground: Ground,
    child: Child,
    /// Where its pages are.
    pub(crate) url: String,
}

impl Site {
    /// Starts it with a configuration (which names no address yet), documents by name, and what its environment says.
    pub(crate) async fn start(
        config: &str,
        documents: &[(&str, String)],
        environment: &[(&str, String)],
    ) -> Site {
        let ground = Ground::new();
        fs::create_dir(ground.at("digests")).unwrap();
        for (name, text) in documents {
            fs::write(ground.at("digests").join(name), text).unwrap();
        }
        let address = free();
        let url = format!("http://{address}");
        let web = format!("[web]\nlisten = \"{address}\"\nurl = \"{url}\"\n");
        // A table's other keys stand in the configuration behind this.
        let config = config.replace("[web]\n", &web);
        fs::write(ground.at("tidings.toml"), config).unwrap();
        let log = fs::File::create(ground.at("log")).unwrap();
        let child = ground
            .command(&["run"])
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut site = Site { ground, child, url };
        let client = reqwest::Client::new();
        // What lies in its folder is loaded once it has been at rest for a while, one document after the other.
        let all = format!("documents={} ", documents.len());
        for _ in 0..1_000 {
            let is_loaded = documents.is_empty() || site.log().contains(&all);
            if is_loaded
                && let Ok(answer) = client.get(format!("{}/sitemap.xml", site.url)).send().await
            {
                let listed = answer.text().await.unwrap_or_default();
                if documents.is_empty() || listed.contains("/i/") {
                    return site;
                }
            }
            assert_eq!(site.child.try_wait().unwrap(), None, "{}", site.log());
            pause(Duration::from_millis(20)).await;
        }
        panic!("nothing is served: {}", site.log());
    }

    /// A fresh link to the dashboard.
    pub(crate) fn link(&self) -> String {
        let printed = self.ground.command(&["dashboard"]).output().unwrap();
        let link = String::from_utf8(printed.stdout).unwrap();
        link.trim_end().to_owned()
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.ground.at("log")).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address that is free at this moment: the configuration has to name it before the program takes it.
fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// How often something is looked for or tried, and what passes in between: half a minute in all.
const TRIES: u32 = 1_500;
const BETWEEN: Duration = Duration::from_millis(20);

/// Looks until something is there.
pub(crate) async fn soon(what: &str, look: impl Fn() -> bool) {
    for _ in 0..TRIES {
        if look() {
            return;
        }
        pause(BETWEEN).await;
    }
    panic!("waited in vain for {what}");
}

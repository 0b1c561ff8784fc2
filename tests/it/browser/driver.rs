//! A headless Chromium that belongs to one test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Method;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use super::{BETWEEN, TRIES};
use crate::fakes::clock::pause;

/// Where Debian's packages put them.
const CHROMIUM: &str = "/usr/bin/chromium";
const CHROMEDRIVER: &str = "/usr/bin/chromedriver";

/// Where `.ci/run` puts axe-core.
const AXE: &str = "target/axe/node_modules/axe-core/axe.min.js";

/// A browser, and the program that drives it.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    axe: Option<String>,
    /// How wide its screen is. What its pages say of that grows with them on a phone.
    width: AtomicU32,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to end, the driver ends its browser; killed, it would leave it behind.
        let asked = Command::new("kill")
            .arg(self.driver.id().to_string())
            .status();
        if !asked.is_ok_and(|asked| asked.success()) {
            let _ = self.driver.kill();
        }
        let _ = self.driver.wait();
    }
}

/// A command of Chromium's own.
#[derive(Debug)]
struct Own(&'static str, Value);

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}

impl Browser {
    /// Opens a browser; `None` where the machine has none, which is said.
    pub(crate) async fn open() -> Option<Browser> {
        for program in [CHROMIUM, CHROMEDRIVER] {
            if !Path::new(program).exists() {
                eprintln!(
                    "skipped: there is no {program} (Debian: apt-get install chromium chromium-driver)"
                );
                return None;
            }
        }
        let mut driver = Command::new(CHROMEDRIVER)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(driver.stdout.take().unwrap());
        let port = said.lines().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("a driver that says where it listens");
        let profile = tempfile::tempdir().unwrap();
        // Without these Chromium asks the world for news of its own, and a container has no sandbox to give it.
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            &format!("--user-data-dir={}", profile.path().display()),
        ];
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": CHROMIUM, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}/"))
            .await
            .unwrap();
        let axe = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(AXE);
        let axe = std::fs::read_to_string(axe).ok();
        if axe.is_none() {
            eprintln!(
                "skipped: there is no {AXE}, so no page is looked through by axe-core; .ci/run fetches it"
            );
        }
        Some(Browser {
            client,
            driver,
            axe,
            width: AtomicU32::new(1280),
            _profile: profile,
        })
    }

    async fn own(&self, method: &str, values: Value) -> Value {
        let command = Own(
            "goog/cdp/execute",
            json!({ "cmd": method, "params": values }),
        );
        self.client.issue_cmd(command).await.unwrap()
    }

    /// Is so many pixels wide from now on; narrow ones are phones.
    pub(crate) async fn is_wide(&self, width: u32) {
        self.width.store(width, Ordering::Relaxed);
        let values = json!({
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700,
        });
        self.own("Emulation.setDeviceMetricsOverride", values).await;
    }

    /// Likes it dark, or light, from now on.
    pub(crate) async fn likes(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.own(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    pub(crate) async fn goes_to(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The path at which it is.
    pub(crate) async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap();
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    pub(crate) async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {css}: {error}\n{}", self.says().await),
        }
    }

    pub(crate) async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.unwrap().len()
    }

    /// Presses a link or a button by what it says, and waits for the page that it leads to.
    pub(crate) async fn presses(&self, label: &str) {
        let path = format!(
            "//a[normalize-space()='{label}'] | //button[normalize-space()='{label}'] | //summary[normalize-space()='{label}']"
        );
        // A page that is kept up to date may be another one between looking for a button and pressing it.
        for _ in 0..TRIES {
            let found = self.client.wait().for_element(Locator::XPath(&path)).await;
            let Ok(element) = found else {
                panic!("nothing says {label}:\n{}", self.says().await);
            };
            match self.leaves_by(&element).await {
                Ok(()) => return,
                Err(error) if error.is_stale_element_reference() => (),
                Err(error) => panic!("{label} can't be pressed: {error}"),
            }
        }
        panic!("{label} is never at rest:\n{}", self.says().await);
    }

    /// Presses what leads to another page, and waits for that.
    pub(crate) async fn follows(&self, element: &Element) {
        self.leaves_by(element).await.unwrap();
    }

    async fn leaves_by(&self, element: &Element) -> Result<(), CmdError> {
        // What only opens leads nowhere.
        let stays = element.tag_name().await? == "summary";
        self.marks().await;
        element.click().await?;
        if !stays {
            self.arrives().await;
        }
        Ok(())
    }

    /// Marks the page that is about to be left.
    async fn marks(&self) {
        self.runs("window.left = false").await;
    }

    /// Waits until the marked page is left and the next one is there as a whole: a press is answered before its page has
    /// begun to go.
    async fn arrives(&self) {
        let script = "return window.left === undefined && document.readyState === 'complete'";
        for _ in 0..TRIES {
            if self.runs(script).await == true {
                return;
            }
            pause(BETWEEN).await;
        }
        panic!("what was pressed leads nowhere:\n{}", self.says().await);
    }

    /// Types what is wanted (nothing for a link) into what Tab led to, presses Enter, and waits for the page that this leads to.
    pub(crate) async fn enters(&self, words: &str) {
        self.marks().await;
        let enter = char::from(Key::Enter);
        self.types(&format!("{words}{enter}")).await;
        self.arrives().await;
    }

    /// What the page says, once it is there as a whole.
    pub(crate) async fn says(&self) -> String {
        let script = "return document.readyState === 'complete' ? document.body.innerText : null";
        for _ in 0..TRIES {
            if let Value::String(said) = self.runs(script).await {
                return said;
            }
            pause(BETWEEN).await;
        }
        panic!("a page that never comes");
    }

    pub(crate) async fn runs(&self, script: &str) -> Value {
        for _ in 0..TRIES {
            match self.client.execute(script, Vec::new()).await {
                Ok(value) => return value,
                // The page went while the script ran.
                Err(error) if error.is_javascript_error() || error.is_unknown_error() => {
                    pause(BETWEEN).await;
                }
                Err(error) => panic!("{script}: {error}"),
            }
        }
        panic!("{script} never runs to its end");
    }

    /// Presses keys, wherever they go.
    pub(crate) async fn types(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    /// Goes on to what Tab leads to next; what that says.
    pub(crate) async fn tabs(&self) -> String {
        self.types(&String::from(char::from(Key::Tab))).await;
        let said = self
            .runs("const e = document.activeElement; return e.innerText || e.name || e.tagName")
            .await;
        said.as_str().unwrap_or_default().to_owned()
    }

    /// What is wrong with the page as it stands: whatever keeps people from reading it, leaves the screen, or was complained of
    /// by the browser.
    pub(crate) async fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let wide = self
            .runs("return document.documentElement.scrollWidth")
            .await;
        let screen = self.width.load(Ordering::Relaxed);
        if wide.as_u64() > Some(u64::from(screen)) {
            faults.push(format!("{wide} pixels wide on a screen of {screen}"));
        }
        let log = Own("se/log", json!({ "type": "browser" }));
        let log = self.client.issue_cmd(log).await.unwrap();
        let log = log.as_array().into_iter().flatten();
        // That a page of errors is one is no fault of the page.
        let told = log.filter_map(|entry| entry["message"].as_str());
        let told = told.filter(|told| !told.contains("the server responded with a status of 4"));
        faults.extend(told.map(str::to_owned));
        if let Some(axe) = &self.axe {
            self.client.execute(axe, Vec::new()).await.unwrap();
            let script = "const done = arguments[0];
                axe.run(document, { resultTypes: ['violations'] }).then(found => done(found.violations.map(
                    v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | '))),
                    error => done([String(error)]));";
            let found = self.client.execute_async(script, Vec::new()).await.unwrap();
            let found = found.as_array().into_iter().flatten();
            faults.extend(found.filter_map(|one| one.as_str().map(str::to_owned)));
        }
        faults
    }

    /// Goes to a page on a small phone and on a desk, by day and by night, and looks it through.
    pub(crate) async fn looks_through(&self, url: &str) {
        for (width, scheme) in [(320, "light"), (1280, "dark")] {
            self.is_wide(width).await;
            self.likes(scheme).await;
            self.goes_to(url).await;
            let faults = self.faults().await;
            assert!(faults.is_empty(), "{url} at {width}, {scheme}: {faults:#?}");
        }
    }

    pub(crate) async fn closes(self) {
        self.client.clone().close().await.unwrap();
    }
}

//! Automatic checks of a page's appearance: axe's rules, truncated text, overlapping controls, layout shifts.

use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, ensure};
use evertoken_demo::browser::Browser;
use serde_json::{Value, json};

/// A script that runs axe with all rules of WCAG 2.2 A and AA, and its best practices.
const AUDIT: &str = "
    const found = await axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map((rule) =>
        `${rule.id}: ${rule.help}: ` + rule.nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join(' | '));";

/// A script that finds text cut off by its box without an ellipsis, and overlapping controls.
const FLAWS: &str = "
    const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const name = (element) => `${element.tagName.toLowerCase()}#${element.id}.${element.className} \"${element.textContent.trim().slice(0, 40)}\"`;
    const flaws = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) flaws.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide`);
    for (const element of document.body.querySelectorAll('*')) {
        const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!text || !shown(element) || element.closest('svg')) continue;
        const style = getComputedStyle(element);
        const cuts = (axis) => ['hidden', 'clip'].includes(style[`overflow${axis}`]);
        const hidden = element.clientWidth <= 1 || element.clientHeight <= 1;
        if (hidden || style.display === 'inline') continue;
        const wide = cuts('X') && element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== 'ellipsis';
        const high = cuts('Y') && element.scrollHeight > element.clientHeight + 1 && style.webkitLineClamp === 'none';
        if (wide || high) flaws.push(`cut: ${name(element)}`);
    }
    const controls = [...document.querySelectorAll('button, input, select, textarea, summary, a[href]')].filter(shown);
    // Elements that are scrolled out of a box are ignored.
    const seen = (element, around = element.parentElement) => {
        if (!around) {
            const { left, right, top, bottom } = element.getBoundingClientRect();
            return { left, right, top, bottom };
        }
        const box = seen(element, around.parentElement);
        if (getComputedStyle(around).overflowY === 'visible') return box;
        const { left, right, top, bottom } = around.getBoundingClientRect();
        return { left: Math.max(box.left, left), right: Math.min(box.right, right), top: Math.max(box.top, top), bottom: Math.min(box.bottom, bottom) };
    };
    const boxes = controls.map((element) => [element, seen(element)]);
    const sticks = (element) => element && (getComputedStyle(element).position === 'sticky' || sticks(element.parentElement));
    boxes.forEach(([one, a], index) => boxes.slice(index + 1).forEach(([other, b]) => {
        if (one.contains(other) || other.contains(one)) return;
        // An element under a sticky bar can be scrolled into view.
        if (sticks(one) || sticks(other)) return;
        const over = (low, high) => Math.min(a[high], b[high]) - Math.max(a[low], b[low]);
        if (over('left', 'right') > 1 && over('top', 'bottom') > 1 && a.right - a.left > 1 && b.right - b.left > 1) flaws.push(`${name(one)} lies over ${name(other)}`);
    }));
    return flaws;";

/// A script that finds characters without a font, which are drawn like a character that does not exist.
const BOXES: &str = "
    const canvas = new OffscreenCanvas(24, 24);
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.font = `16px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = 'top';
    const drawing = (letter) => {
        pen.clearRect(0, 0, 24, 24);
        pen.fillText(letter, 2, 2);
        return pen.getImageData(0, 0, 24, 24).data.join();
    };
    const box = drawing('\\u{10FFFD}');
    const letters = [...new Set(document.body.innerText)].filter((letter) => letter > '\\u{2E80}');
    const boxes = letters.filter((letter) => drawing(letter) === box);
    return boxes.length ? [`no font here has the letters ${boxes.join('')}`] : [];";

/// A script that adds up all layout shifts without a key press or click in the half second before (Layout Instability API).
const SHIFTS: &str = "
    const entries = await new Promise((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
        observer.observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(observer.takeRecords())));
    });
    return entries.filter((entry) => !entry.hadRecentInput).map((entry) =>
        ({ value: entry.value, of: entry.sources.map(({ node }) => node?.id || node?.className || node?.nodeName) }));";

/// Checks the page as it is now, in light and dark, and saves a screenshot of each as `target/pictures/NAME-THEME.png`.
///
/// # Errors
/// When a check finds something, or the page cannot be asked.
pub async fn judge(browser: &Browser, name: &str) -> Result<()> {
    for (theme, dark) in [("light", false), ("dark", true)] {
        browser.emulate_dark(dark).await?;
        settle(browser).await?;
        let picture = format!("target/pictures/{name}-{theme}.png");
        browser.screenshot(&xtask::root().join(&picture)).await?;
        browser.web().execute(axe()?, vec![]).await?;
        let mut found = texts(browser.eval(AUDIT, json!([])).await?);
        found.extend(texts(browser.eval(FLAWS, json!([])).await?));
        found.extend(texts(browser.eval(BOXES, json!([])).await?));
        ensure!(found.is_empty(), "{picture}: {found:#?}");
    }
    Ok(())
}

/// Checks that the layout has not shifted since the page was opened.
///
/// # Errors
/// When it has.
pub async fn nothing_jumped(browser: &Browser) -> Result<()> {
    come_to_front(browser).await?;
    let shifts = browser.eval(SHIFTS, json!([])).await?;
    let shifts = shifts.as_array().context("no list of shifts")?;
    let total: f64 = shifts
        .iter()
        .filter_map(|shift| shift["value"].as_f64())
        .sum();
    // Chrome rates up to 0.1 as good; this limit is about the width of a digit.
    ensure!(total < 0.005, "the layout jumped by {total}: {shifts:?}");
    Ok(())
}

/// Brings the page to the front: a background tab draws nothing, and the extension may have opened another tab by itself.
async fn come_to_front(browser: &Browser) -> Result<()> {
    let cdp = browser.web().cdp();
    cdp.send_raw("Page.bringToFront", json!({})).await?;
    Ok(())
}

/// Waits until all transitions have ended, except endless animations.
async fn settle(browser: &Browser) -> Result<()> {
    come_to_front(browser).await?;
    let ended = "
        const ending = document.getAnimations().filter((it) => it.effect.getComputedTiming().endTime !== Infinity);
        await Promise.allSettled(ending.map((it) => it.finished));
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));";
    browser.eval(ended, json!([])).await.map(drop)
}

fn texts(list: Value) -> Vec<String> {
    serde_json::from_value(list).unwrap_or_default()
}

/// axe-core's script.
fn axe() -> Result<&'static str> {
    static AXE: OnceLock<String> = OnceLock::new();
    if let Some(script) = AXE.get() {
        return Ok(script);
    }
    let folder = xtask::root().join("tests/e2e");
    xtask::npm::ci(&folder)?;
    let path: PathBuf = folder.join("node_modules/axe-core/axe.min.js");
    let script = std::fs::read_to_string(path)?;
    Ok(AXE.get_or_init(|| script))
}

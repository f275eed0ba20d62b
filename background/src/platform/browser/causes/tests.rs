//! What was seen in Chromium 156, one by one.

use UserAgentError::{
    FramingRefused, LoadFailed, NameNotResolved, Offline, PageShown, Refused, ServerError,
    Unavailable,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

const EXTENSION: &str = "chrome-extension://abc/";

fn page(status: u16, media_type: &str, refuses_frames: bool) -> Event {
    Event::Page {
        status,
        media_type: media_type.to_owned(),
        refuses_frames,
    }
}

#[wasm_bindgen_test]
fn a_request_that_starts_says_nothing_and_the_redirect_is_the_answer() {
    assert_eq!(interpret(&Event::Started), Verdict::GoOn);
    let redirect = RedirectUrl("https://abc.chromiumapp.org/#state=2".to_owned());
    let verdict = interpret(&Event::Redirected(redirect.clone()));
    assert_eq!(verdict, Verdict::Answer(redirect));
}

#[wasm_bindgen_test]
fn a_page_ends_it_by_its_status_and_type_unless_it_goes_on_by_itself() {
    for (status, media_type, error) in [
        (200, "text/html", PageShown),
        (200, "Text/HTML; charset=utf-8", PageShown),
        (200, "application/xhtml+xml", PageShown),
        (200, "", PageShown),
        (200, "application/json", LoadFailed),
        (200, "application/octet-stream", LoadFailed),
        (204, "", LoadFailed),
        (304, "text/html", LoadFailed),
        (400, "text/html", Refused(400)),
        (404, "", Refused(404)),
        (499, "application/json", Refused(499)),
        (500, "text/html", ServerError(500)),
        (503, "", ServerError(503)),
    ] {
        let verdict = interpret(&page(status, media_type, false));
        assert_eq!(
            verdict,
            Verdict::EndUnlessMore(error),
            "{status} {media_type}"
        );
    }
}

#[wasm_bindgen_test]
fn a_page_that_no_frame_shows_cannot_go_on_and_its_status_tells_more_than_that() {
    for (status, error) in [
        (200, FramingRefused),
        (403, Refused(403)),
        (502, ServerError(502)),
    ] {
        let verdict = interpret(&page(status, "text/html", true));
        assert_eq!(verdict, Verdict::End(error), "{status}");
    }
}

#[wasm_bindgen_test]
fn chromes_name_for_a_failure_tells_its_cause() {
    for (name, verdict) in [
        ("net::ERR_NAME_NOT_RESOLVED", Verdict::End(NameNotResolved)),
        (
            "net::ERR_NAME_RESOLUTION_FAILED",
            Verdict::End(NameNotResolved),
        ),
        ("net::ERR_BLOCKED_BY_RESPONSE", Verdict::End(FramingRefused)),
        ("net::ERR_BLOCKED_BY_CLIENT", Verdict::End(Unavailable)),
        (
            "net::ERR_BLOCKED_BY_ADMINISTRATOR",
            Verdict::End(Unavailable),
        ),
        ("net::ERR_CONNECTION_REFUSED", Verdict::End(LoadFailed)),
        ("net::ERR_CERT_AUTHORITY_INVALID", Verdict::End(LoadFailed)),
        ("net::ERR_EMPTY_RESPONSE", Verdict::End(LoadFailed)),
        ("net::ERR_INTERNET_DISCONNECTED", Verdict::End(Offline)),
        ("", Verdict::End(LoadFailed)),
        ("net::ERR_ABORTED", Verdict::EndUnlessMore(LoadFailed)),
    ] {
        assert_eq!(
            interpret(&Event::Failed(name.to_owned())),
            verdict,
            "{name}"
        );
    }
}

fn refuses(policies: &[&str], frame_options: &[&str]) -> bool {
    let owned = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    refuses_frames(&owned(policies), &owned(frame_options), EXTENSION)
}

#[wasm_bindgen_test]
fn x_frame_options_refuse_by_deny_and_sameorigin_only() {
    for (option, refused) in [
        ("DENY", true),
        ("deny", true),
        (" SameOrigin ", true),
        ("ALLOWALL, DENY", true),
        ("ALLOWALL", false),
        ("ALLOW-FROM https://a.test", false),
        ("", false),
    ] {
        assert_eq!(refuses(&[], &[option]), refused, "{option}");
    }
    assert!(refuses(&[], &["ALLOWALL", "DENY"]));
    assert!(!refuses(&[], &[]));
}

#[wasm_bindgen_test]
fn frame_ancestors_must_name_the_extension_or_its_scheme() {
    for (policy, refused) in [
        ("frame-ancestors 'none'", true),
        ("frame-ancestors 'self' https:", true),
        ("frame-ancestors *", true),
        ("frame-ancestors", true),
        ("default-src 'self'; Frame-Ancestors\thttps://a.test", true),
        ("frame-ancestors chrome-extension://other", true),
        ("frame-ancestors chrome-extension:", false),
        ("frame-ancestors https: chrome-extension://abc", false),
        ("frame-ancestors CHROME-EXTENSION://ABC/", false),
        ("frame-ancestors chrome-extension://*", false),
        ("default-src 'none'", false),
        ("x-frame-ancestors 'none'", false),
    ] {
        assert_eq!(refuses(&[policy], &[]), refused, "{policy}");
    }
}

#[wasm_bindgen_test]
fn every_policy_must_allow_the_frame_and_of_each_the_first_directive_counts() {
    let allowed = "frame-ancestors chrome-extension:";
    let refused = "frame-ancestors 'none'";
    assert!(refuses(&[allowed, refused], &[]));
    assert!(refuses(&[&format!("{allowed}, {refused}")], &[]));
    assert!(!refuses(&[&format!("{allowed}; {refused}")], &[]));
}

#[wasm_bindgen_test]
fn where_a_policy_speaks_of_frames_the_older_header_does_not_count() {
    assert!(!refuses(&["frame-ancestors chrome-extension:"], &["DENY"]));
    assert!(refuses(&["default-src 'none'"], &["DENY"]));
}
